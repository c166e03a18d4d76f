/// What a processor's registers tell of where it is, and how it got there.
struct GuestRegisters: Equatable {
    /// RIP, or PC.
    let address: UInt64
    /// X30, where the last call returns to; x86-64 has none.
    let link: UInt64?
}

extension GuestRegisters {
    /// Reads the answer to ``ControlRequest/registers``; nil for any other.
    init?(_ text: String) {
        var values: [Substring: UInt64] = [:]
        for word in text.split(whereSeparator: { " \r\n".contains($0) }) {
            guard let mark = word.firstIndex(of: "=") else { continue }
            values[word[..<mark]] = UInt64(word[mark...].dropFirst(), radix: 16)
        }
        guard let address = values["RIP"] ?? values["PC"] else { return nil }
        self.init(address: address, link: values["X30"])
    }
}
