#if hasFeature(Embedded)
    import BootInfo
    import KernelRuntime

    /// The colors of a text screen (IBM VGA attribute bits).
    enum TextColor: UInt8 {
        case lightGrey = 0x7
        case lightCyan = 0xB
        case white = 0xF

        /// The same color on a framebuffer.
        var color: Color {
            switch self {
            case .lightGrey: Color(red: 0xAA, green: 0xAA, blue: 0xAA)
            case .lightCyan: Color(red: 0x55, green: 0xFF, blue: 0xFF)
            case .white: Color(red: 0xFF, green: 0xFF, blue: 0xFF)
            }
        }
    }

    /// A grid of characters.
    protocol Screen {
        var columns: Int { get }
        var rows: Int { get }
        /// Blanks every cell.
        func clear()
        func put(_ character: UInt8, column: Int, row: Int, _ color: TextColor)
    }

    /// Writes text to the screen and the serial port; text that does not fit on the screen is cut.
    struct Console<S: Screen> {
        private let screen: S
        private var column = 0
        private var row = 0

        init(screen: S) {
            self.screen = screen
            screen.clear()
        }

        mutating func write(_ text: StaticString, _ color: TextColor) {
            text.withUTF8Buffer { for character in $0 { write(character, color) } }
        }

        mutating func write(_ character: UInt8, _ color: TextColor) {
            serial_write(character)
            if character == UInt8(ascii: "\n") {
                column = 0
                row += 1
                return
            }
            if column < screen.columns && row < screen.rows {
                screen.put(character, column: column, row: row, color)
            }
            column += 1
        }

        /// Writes one line of the memory map.
        mutating func write(_ region: MemoryRegion) {
            write("  ", .lightGrey)
            write(hexadecimal: region.addresses.lowerBound)
            write(" - ", .lightGrey)
            write(hexadecimal: region.addresses.upperBound)
            switch region.kind {
            case .usable: write("  usable", .lightGrey)
            case .bootloader: write("  bootloader", .lightGrey)
            case .uefi(let type): write("  EFI type ", type)
            case .bios(let type): write("  E820 type ", type)
            }
            write("\n", .lightGrey)
        }

        /// Writes a label and a number below 100.
        private mutating func write(_ label: StaticString, _ number: UInt32) {
            write(label, .lightGrey)
            if number >= 10 { write(UInt8(ascii: "0") + UInt8(number / 10 % 10), .lightGrey) }
            write(UInt8(ascii: "0") + UInt8(number % 10), .lightGrey)
        }

        private mutating func write(hexadecimal value: UInt64) {
            for shift in stride(from: 60, through: 0, by: -4) {
                let digit = UInt8(value >> UInt64(shift) & 0xF)
                let zero = digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10
                write(zero + digit, .lightGrey)
            }
        }
    }
#endif
