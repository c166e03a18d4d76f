/// The number as `0x…`.
func hex(_ number: some BinaryInteger) -> String {
    "0x" + String(number, radix: 16)
}

/// The address range as `0x…–0x…`, its end excluded.
func hex(_ range: Range<UInt64>) -> String {
    "\(hex(range.lowerBound))–\(hex(range.upperBound))"
}

/// The text with control characters written out, as file and library names may hold any byte.
func oneLine(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { line, scalar in
        let breaksLine =
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        line += breaksLine ? scalar.escaped(asASCII: true) : String(scalar)
    }
}
