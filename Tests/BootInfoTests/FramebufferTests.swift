import BootInfo
import CBootInfo
import Testing

/// Drawing on a framebuffer in the test's memory.
struct FramebufferTests {
    /// A pixel format, and the bytes of `color` in it.
    struct Format: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var format: UInt32
        var bytesPerPixel: Int
        /// Bit positions of red, green and blue, for BOOT_PIXEL_UNKNOWN only.
        var positions: (red: UInt8, green: UInt8, blue: UInt8) = (0, 0, 0)
        var pixel: [UInt8]
    }

    private static var color: Color { Color(red: 0x11, green: 0x22, blue: 0x33) }
    private static let untouched: UInt8 = 0xEE
    private static let (width, height, stride) = (3, 2, 4)

    static let formats: [Format] = [
        Format(
            testDescription: "RGB in 4 bytes", format: BOOT_PIXEL_RGB.number, bytesPerPixel: 4,
            pixel: [0x11, 0x22, 0x33, 0]),
        Format(
            testDescription: "RGB in 3 bytes", format: BOOT_PIXEL_RGB.number, bytesPerPixel: 3,
            pixel: [0x11, 0x22, 0x33]),
        Format(
            testDescription: "BGR in 4 bytes", format: BOOT_PIXEL_BGR.number, bytesPerPixel: 4,
            pixel: [0x33, 0x22, 0x11, 0]),
        Format(
            testDescription: "grey, weighted towards green", format: BOOT_PIXEL_U8.number,
            bytesPerPixel: 1,
            pixel: [0x1E]),
        Format(
            testDescription: "channels at given bits", format: BOOT_PIXEL_UNKNOWN.number,
            bytesPerPixel: 4, positions: (8, 24, 16), pixel: [0, 0x11, 0x33, 0x22]),
    ]

    @Test(arguments: formats)
    func `setting a pixel changes only its bytes`(_ format: Format) throws {
        let memory = try Self.draw(in: format) { $0.setPixel(x: 2, y: 1, to: Self.color) }
        let start = (1 * Self.stride + 2) * format.bytesPerPixel
        let pixel = start..<start + format.bytesPerPixel
        #expect(Array(memory[pixel]) == format.pixel)
        let others = memory.indices.filter { !pixel.contains($0) }
        #expect(others.allSatisfy { memory[$0] == Self.untouched })
    }

    @Test(arguments: [(-1, 0), (0, -1), (width, 0), (0, height), (Int.max, Int.min)])
    func `setting a pixel outside the screen changes nothing`(x: Int, y: Int) throws {
        let memory = try Self.draw(in: Self.formats[0]) { $0.setPixel(x: x, y: y, to: Self.color) }
        #expect(memory.allSatisfy { $0 == Self.untouched })
    }

    @Test func `the framebuffer has its dimensions`() throws {
        _ = try Self.draw(in: Self.formats[1]) { screen in
            #expect(screen.width == Self.width)
            #expect(screen.height == Self.height)
            #expect(screen.stride == Self.stride)
            #expect(screen.bytesPerPixel == 3)
            #expect(screen.pixelFormat == BOOT_PIXEL_RGB)
            #expect(screen.withPixels(\.count) == Self.stride * Self.height * 3)
        }
    }

    /// Returns the framebuffer's memory after `body` has drawn on it.
    private static func draw(
        in format: Format, _ body: (Framebuffer) -> Void
    ) throws -> [UInt8] {
        var memory = [UInt8](repeating: untouched, count: stride * height * format.bytesPerPixel)
        try memory.withUnsafeMutableBytes { buffer in
            var info = boot_info.nothing
            info.framebuffer = .init(
                tag: .some, reserved: 0,
                value: description(of: UnsafeRawBufferPointer(buffer), format))
            try withView(of: info) { body(try #require($0.framebuffer)) }
        }
        return memory
    }

    private static func description(
        of memory: UnsafeRawBufferPointer, _ format: Format
    ) -> boot_framebuffer {
        boot_framebuffer(
            buffer_start: address(of: memory), byte_length: UInt64(memory.count),
            width: UInt64(width), height: UInt64(height), pixel_format: format.format,
            red_position: format.positions.red, green_position: format.positions.green,
            blue_position: format.positions.blue, reserved: 0,
            bytes_per_pixel: UInt64(format.bytesPerPixel), stride: UInt64(stride))
    }
}

extension boot_pixel_format {
    fileprivate var number: UInt32 { UInt32(rawValue) }
}
