import DiskImage

extension ByteCount {
    /// Parses a whole number with the unit KiB, MiB, GiB or TiB; nil from 2⁶⁴ bytes on.
    package init?(sizeText text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [Substring: UInt64] = [
            "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
        ]
        guard let number = UInt64(digits), let unit = units[text.dropFirst(digits.count)] else {
            return nil
        }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: unit)
        if overflows { return nil }
        self.init(bytes)
    }

    /// The number in the largest unit that divides it.
    package var sizeText: String {
        let units: [(String, UInt64)] = [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20)]
        let unit = units.first { value > 0 && value.isMultiple(of: $0.1) } ?? ("KiB", 1 << 10)
        return "\(value / unit.1)\(unit.0)"
    }
}
