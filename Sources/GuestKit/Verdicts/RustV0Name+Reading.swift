extension RustV0Name {
    mutating func next() throws(Malformed) -> Unicode.Scalar {
        guard position < symbol.count, symbol[position] < 0x80 else { throw Malformed() }
        position += 1
        return Unicode.Scalar(symbol[position - 1])
    }

    /// Reads that letter if it is the next one.
    mutating func take(_ letter: Unicode.Scalar) -> Bool {
        guard position < symbol.count, symbol[position] == UInt8(ascii: letter) else {
            return false
        }
        position += 1
        return true
    }

    /// The digits before `_`, plus 1; 0 without digits.
    mutating func base62() throws(Malformed) -> UInt64 {
        if take("_") { return 0 }
        var number: UInt64 = 0
        while !take("_") {
            let digit = try next()
            let value: UInt32 =
                switch digit {
                case "0"..."9": digit.value - 0x30
                case "a"..."z": digit.value - 0x61 + 10
                case "A"..."Z": digit.value - 0x41 + 36
                default: throw Malformed()
                }
            number = try number.multiplied(by: 62).adding(UInt64(value))
        }
        return try number.adding(1)
    }

    /// The number that distinguishes names in the same place.
    @discardableResult
    mutating func disambiguator() throws(Malformed) -> UInt64 {
        take("s") ? try base62().adding(1) : 0
    }

    /// The hexadecimal digits before `_`, without leading zeros.
    mutating func hexDigits() throws(Malformed) -> String {
        var digits = ""
        while !take("_") {
            let digit = try next()
            guard "0"..."9" ~= digit || "a"..."f" ~= digit else { throw Malformed() }
            if digit != "0" || !digits.isEmpty { digits.unicodeScalars.append(digit) }
        }
        return digits.isEmpty ? "0" : digits
    }

    /// A name, which `u` marks as Punycode.
    mutating func identifier() throws(Malformed) -> String {
        take("u") ? try Self.punycode(try bytes()) : try plainIdentifier()
    }

    mutating func plainIdentifier() throws(Malformed) -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// The bytes after their number.
    private mutating func bytes() throws(Malformed) -> ArraySlice<UInt8> {
        var count = 0
        // A number has no leading zeros.
        let digits = symbol[position...].prefix { (0x30...0x39).contains($0) }
            .prefix(symbol[position...].first == 0x30 ? 1 : 5)
        guard !digits.isEmpty else { throw Malformed() }
        for digit in digits { count = count * 10 + Int(digit - 0x30) }
        position += digits.count
        // It separates the number from a name that starts with a digit or an underscore.
        _ = take("_")
        let bytes = symbol[position...].prefix(count)
        guard bytes.count == count, bytes.allSatisfy({ $0 < 0x80 }) else { throw Malformed() }
        position += count
        return bytes
    }

    /// Decodes RFC 3492, with `_` instead of `-` before the encoded scalars.
    private static func punycode(_ bytes: ArraySlice<UInt8>) throws(Malformed) -> String {
        let delimiter = bytes.lastIndex(of: UInt8(ascii: "_"))
        var scalars = bytes[..<(delimiter ?? bytes.startIndex)].map { Unicode.Scalar($0) }
        var rest = bytes[(delimiter.map { $0 + 1 } ?? bytes.startIndex)...]
        var (code, place, bias): (UInt64, UInt64, UInt64) = (0x80, 0, 72)
        while !rest.isEmpty {
            let oldPlace = place
            var (weight, threshold): (UInt64, UInt64) = (1, 36)
            repeat {
                guard let byte = rest.popFirst() else { throw Malformed() }
                let digit: UInt64 =
                    switch byte {
                    case 0x61...0x7a: UInt64(byte - 0x61)
                    case 0x30...0x39: UInt64(byte - 0x30) + 26
                    default: throw Malformed()
                    }
                place = try place.adding(digit.multiplied(by: weight))
                let least = threshold > bias ? min(max(threshold - bias, 1), 26) : 1
                threshold += 36
                if digit < least { break }
                weight = try weight.multiplied(by: 36 - least)
            } while true
            let count = UInt64(scalars.count) + 1
            bias = adapted(place - oldPlace, isFirst: oldPlace == 0, count: count)
            code = try code.adding(place / count)
            place %= count
            guard let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else {
                throw Malformed()
            }
            scalars.insert(scalar, at: Int(place))
            place += 1
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// RFC 3492, 6.1.
    private static func adapted(_ delta: UInt64, isFirst: Bool, count: UInt64) -> UInt64 {
        var delta = delta / (isFirst ? 700 : 2)
        delta += delta / count
        var bias: UInt64 = 0
        while delta > 455 {
            delta /= 35
            bias += 36
        }
        return bias + 36 * delta / (delta + 38)
    }
}

extension UInt64 {
    fileprivate func adding(_ other: UInt64) throws(RustV0Name.Malformed) -> UInt64 {
        let (sum, overflows) = addingReportingOverflow(other)
        guard !overflows else { throw RustV0Name.Malformed() }
        return sum
    }

    fileprivate func multiplied(by other: UInt64) throws(RustV0Name.Malformed) -> UInt64 {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        guard !overflows else { throw RustV0Name.Malformed() }
        return product
    }
}
