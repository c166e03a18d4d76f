#if hasFeature(Embedded)
    /// The VGA text buffer: 80 × 25 cells of a character and an attribute.
    struct TextScreen: Screen {
        private static let address: UInt = 0xB8000

        let columns: Int
        let rows: Int

        /// The text screen of a machine without a framebuffer; without cells except on a PC.
        static var ofMachine: TextScreen {
            #if arch(x86_64)
                TextScreen(columns: 80, rows: 25)
            #else
                TextScreen(columns: 0, rows: 0)
            #endif
        }

        func clear() {
            for row in 0..<rows {
                for column in 0..<columns {
                    put(UInt8(ascii: " "), column: column, row: row, .lightGrey)
                }
            }
        }

        func put(_ character: UInt8, column: Int, row: Int, _ color: TextColor) {
            let cell = UnsafeMutablePointer<UInt16>(bitPattern: Self.address)
            cell?[row * columns + column] = UInt16(color.rawValue) << 8 | UInt16(character)
        }
    }
#endif
