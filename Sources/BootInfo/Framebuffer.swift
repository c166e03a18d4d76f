public import CBootInfo

/// The screen as memory: lines of pixels, the first at the top left.
public struct Framebuffer {
    private let description: boot_framebuffer

    init(_ description: boot_framebuffer) { self.description = description }

    /// Pixels in a line.
    public var width: Int { Int(description.width) }

    /// Lines.
    public var height: Int { Int(description.height) }

    /// Pixels from the start of one line to the start of the next; at least `width`.
    public var stride: Int { Int(description.stride) }

    /// Bytes in a pixel: 1, 3 or 4.
    public var bytesPerPixel: Int { Int(description.bytes_per_pixel) }

    /// The order of the colours in a pixel.
    public var pixelFormat: boot_pixel_format { boot_pixel_format(description.pixel_format) }

    /// Gives `body` the screen's memory; writing to it draws.
    public func withPixels<Result>(
        _ body: (UnsafeMutableRawBufferPointer) -> Result
    ) -> Result {
        body(
            UnsafeMutableRawBufferPointer(
                start: UnsafeMutableRawPointer(bitPattern: UInt(description.buffer_start)),
                count: Int(description.byte_length)))
    }

    /// Sets one pixel; a place outside the screen is left alone.
    public func setPixel(x: Int, y: Int, to color: Color) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        fill(x: x..<x + 1, y: y..<y + 1, with: color)
    }

    /// Fills the whole screen.
    public func fill(with color: Color) { fill(x: 0..<width, y: 0..<height, with: color) }

    /// Fills a rectangle, in pixels from the top left; what is outside the screen is left out.
    public func fill(x columns: Range<Int>, y rows: Range<Int>, with color: Color) {
        let (columns, rows) = (columns.clamped(to: 0..<width), rows.clamped(to: 0..<height))
        let value = encoded(color)
        withPixels { pixels in
            for y in rows {
                for x in columns {
                    let offset = (y * stride + x) * bytesPerPixel
                    for byte in 0..<bytesPerPixel {
                        pixels[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte))
                    }
                }
            }
        }
    }

    /// The colour in the screen's own format, lowest byte first in memory.
    private func encoded(_ color: Color) -> UInt32 {
        let (red, green, blue) = (UInt32(color.red), UInt32(color.green), UInt32(color.blue))
        switch pixelFormat {
        case BOOT_PIXEL_RGB: return red | green << 8 | blue << 16
        case BOOT_PIXEL_BGR: return blue | green << 8 | red << 16
        case BOOT_PIXEL_U8: return (red * 77 + green * 151 + blue * 28) >> 8
        default:
            return red << UInt32(description.red_position)
                | green << UInt32(description.green_position)
                | blue << UInt32(description.blue_position)
        }
    }
}

/// A colour of eight bits a channel.
public struct Color: Equatable {
    /// The red channel, 0…255.
    public var red: UInt8
    /// The green channel, 0…255.
    public var green: UInt8
    /// The blue channel, 0…255.
    public var blue: UInt8

    /// Makes a colour of its three channels.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}
