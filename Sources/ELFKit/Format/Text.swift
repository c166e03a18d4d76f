/// Returns the number as `0x…`.
func hex(_ number: some BinaryInteger) -> String {
    "0x" + String(number, radix: 16)
}

/// Returns the address range as `0x…–0x…`, its end excluded.
func hex(_ range: Range<UInt64>) -> String {
    "\(hex(range.lowerBound))–\(hex(range.upperBound))"
}

/// Returns the bytes as pairs of hexadecimal digits, such as "7f 45".
func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}

/// Returns the text with control characters escaped: names in a file may contain any byte.
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
