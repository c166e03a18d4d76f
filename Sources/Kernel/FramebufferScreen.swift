#if hasFeature(Embedded)
    import BootInfo
    import KernelFont

    /// Characters drawn on a linear framebuffer, each font pixel as 2 × 2 screen pixels.
    struct FramebufferScreen: Screen {
        private static let scale = 2
        private static let cellWidth = (Int(FONT_WIDTH) + 1) * scale
        private static let cellHeight = (Int(FONT_HEIGHT) + 2) * scale
        private static let margin = 16

        private let framebuffer: Framebuffer

        init(_ framebuffer: Framebuffer) { self.framebuffer = framebuffer }

        var columns: Int { (framebuffer.width - 2 * Self.margin) / Self.cellWidth }
        var rows: Int { (framebuffer.height - 2 * Self.margin) / Self.cellHeight }

        func clear() {
            framebuffer.withPixels { pixels in
                _ = pixels.initializeMemory(as: UInt8.self, repeating: 0)
            }
        }

        func put(_ character: UInt8, column: Int, row: Int, _ color: TextColor) {
            guard let glyph = font_glyph(character) else { return }
            let left = Self.margin + column * Self.cellWidth
            let top = Self.margin + row * Self.cellHeight
            for x in 0..<Int(FONT_WIDTH) * Self.scale {
                for y in 0..<Int(FONT_HEIGHT) * Self.scale
                where glyph[x / Self.scale] >> UInt8(y / Self.scale) & 1 == 1 {
                    framebuffer.setPixel(x: left + x, y: top + y, to: color.color)
                }
            }
        }
    }
#endif
