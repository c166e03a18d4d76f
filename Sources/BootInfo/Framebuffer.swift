public import CBootInfo

/// The screen as memory: lines of pixels, from the top left.
public struct Framebuffer {
    private let description: boot_framebuffer

    init(_ description: boot_framebuffer) { self.description = description }

    /// Width in pixels.
    public var width: Int { Int(description.width) }

    /// Height in pixels.
    public var height: Int { Int(description.height) }

    /// Distance between the starts of consecutive lines, in pixels; at least `width`.
    public var stride: Int { Int(description.stride) }

    /// Bytes per pixel: 1, 3 or 4.
    public var bytesPerPixel: Int { Int(description.bytes_per_pixel) }

    /// The order of the color channels in a pixel.
    public var pixelFormat: boot_pixel_format { boot_pixel_format(description.pixel_format) }

    /// Calls `body` with the screen's memory; writing to it draws.
    public func withPixels<Result>(
        _ body: (UnsafeMutableRawBufferPointer) -> Result
    ) -> Result {
        body(
            UnsafeMutableRawBufferPointer(
                start: UnsafeMutableRawPointer(bitPattern: UInt(description.buffer_start)),
                count: Int(description.byte_length)))
    }

    /// Sets one pixel; does nothing outside the screen.
    public func setPixel(x: Int, y: Int, to color: Color) {
        guard (0..<width).contains(x), (0..<height).contains(y) else { return }
        fill(x: x..<x + 1, y: y..<y + 1, with: color)
    }

    /// Fills the whole screen.
    public func fill(with color: Color) { fill(x: 0..<width, y: 0..<height, with: color) }

    /// Fills a rectangle, in pixels from the top left, clipped to the screen.
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

    /// Returns the color in the screen's format, lowest byte first in memory.
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

/// A color with eight bits per channel.
public struct Color: Equatable {
    /// The red channel, 0…255.
    public var red: UInt8
    /// The green channel, 0…255.
    public var green: UInt8
    /// The blue channel, 0…255.
    public var blue: UInt8

    /// The color with these channels.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }
}
