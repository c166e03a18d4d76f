/// A parser for TOML 1.0.0 that keeps the line of each key.
package struct TOMLReader {
    private var rest: Substring.UnicodeScalarView
    private var line = 1
    private var root: [TOMLEntry] = []

    static let maximumDepth = 64

    /// Returns the entries at the top level of a document.
    package static func read(_ text: String) throws(TOMLError) -> [TOMLEntry] {
        var reader = Self(rest: text[...].unicodeScalars)
        try reader.readDocument()
        return reader.root
    }

    /// Stores a value under its key and creates missing tables on the way.
    private mutating func insert(
        _ value: TOMLValue, at path: [String], line: Int
    ) throws(TOMLError) {
        guard root.insert(value, at: path[...], line: line) else {
            throw TOMLError(line: line, problem: .alreadyDefined(path.joined(separator: ".")))
        }
    }

    private func fail<Result>(_ problem: TOMLError.Problem) throws(TOMLError) -> Result {
        throw TOMLError(line: line, problem: problem)
    }

    private mutating func readDocument() throws(TOMLError) {
        var table: [String] = []
        while true {
            try skipBlanksAndLines()
            guard let next = rest.first else { return }
            let start = line
            if next == "[" {
                let isInArray = rest.dropFirst().first == "["
                table = try readHeader(isInArray: isInArray)
                if !isInArray {
                    try insert(.table([]), at: table, line: start)
                } else if !root.appendTable(at: table[...], line: start) {
                    let name = table.joined(separator: ".")
                    throw TOMLError(line: start, problem: .notAnArray(name))
                }
            } else {
                let (key, value) = try readPair(depth: 0)
                try insert(value, at: table + key, line: start)
            }
            try endLine()
        }
    }

    /// Reads `[name]`, or `[[name]]`, which starts another table of an array.
    private mutating func readHeader(isInArray: Bool) throws(TOMLError) -> [String] {
        rest = rest.dropFirst(isInArray ? 2 : 1)
        let key = try readKey()
        try expect("]", .afterTableName)
        if isInArray {
            guard rest.first == "]" else { return try fail(.missing("]]", .afterTableName)) }
            rest.removeFirst()
        }
        return key
    }

    private mutating func readPair(depth: Int) throws(TOMLError) -> ([String], TOMLValue) {
        let key = try readKey()
        try expect("=", .afterKey)
        return (key, try readValue(depth: depth))
    }

    /// Reads a bare, quoted or dotted key.
    private mutating func readKey() throws(TOMLError) -> [String] {
        var names: [String] = []
        repeat {
            if !names.isEmpty { rest.removeFirst() }
            skipBlanks()
            names.append(try readName())
            skipBlanks()
        } while rest.first == "."
        return names
    }

    private mutating func readName() throws(TOMLError) -> String {
        if let quote = rest.first, quote == "\"" || quote == "'" {
            if hasThree(quote) { return try fail(.multilineKey) }
            return try readString()
        }
        let name = rest.prefix { Self.isBare($0) }
        if name.isEmpty { return try fail(.missingKey) }
        rest = rest.dropFirst(name.count)
        return String(name)
    }

    private static func isBare(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
        default: false
        }
    }

    private mutating func readValue(depth: Int) throws(TOMLError) -> TOMLValue {
        skipBlanks()
        if depth > Self.maximumDepth { return try fail(.tooDeep) }
        switch rest.first {
        case "\"", "'": return .string(try readString())
        case "[": return .array(try readArray(depth))
        case "{": return .table(try readInlineTable(depth))
        default: return try readWord()
        }
    }

    private mutating func readArray(_ depth: Int) throws(TOMLError) -> [TOMLValue] {
        rest.removeFirst()
        var values: [TOMLValue] = []
        while true {
            try skipBlanksAndLines()
            if rest.first == "]" { break }
            values.append(try readValue(depth: depth + 1))
            try skipBlanksAndLines()
            if rest.first != "," { break }
            rest.removeFirst()
        }
        try expect("]", .orCommaAfterElement)
        return values
    }

    private mutating func readInlineTable(_ depth: Int) throws(TOMLError) -> [TOMLEntry] {
        rest.removeFirst()
        // A separate reader: the keys of the inline table must not mix with the outer ones.
        var table = self
        table.root = []
        table.skipBlanks()
        while table.rest.first != "}" {
            let start = table.line
            let (key, value) = try table.readPair(depth: depth + 1)
            try table.insert(value, at: key, line: start)
            table.skipBlanks()
            if table.rest.first != "," { break }
            table.rest.removeFirst()
            table.skipBlanks()
            if table.rest.first == "}" { return try fail(.trailingComma) }
        }
        try table.expect("}", .orCommaAfterElement)
        (rest, line) = (table.rest, table.line)
        return table.root
    }

    /// Reads a number, a boolean or a date.
    private mutating func readWord() throws(TOMLError) -> TOMLValue {
        let word = String(rest.prefix { Self.isBare($0) || ":+.".unicodeScalars.contains($0) })
        rest = rest.dropFirst(word.unicodeScalars.count)
        if word == "true" || word == "false" { return .boolean(word == "true") }
        if let number = Self.integer(word) { return .integer(number) }
        guard let first = word.unicodeScalars.first, "0123456789+-in".unicodeScalars.contains(first)
        else { return try fail(.missingValue) }
        return .other(word)
    }

    private static func integer(_ word: String) -> Int? {
        let digits = word.split(separator: "_", omittingEmptySubsequences: false)
        guard digits.allSatisfy({ !$0.isEmpty }) else { return nil }
        let text = digits.joined()
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            let rest = text.dropFirst(2)
            return rest.first == "+" || rest.first == "-" ? nil : Int(rest, radix: radix)
        }
        let magnitude = text.drop { $0 == "+" || $0 == "-" }
        return magnitude.count > 1 && magnitude.first == "0" ? nil : Int(text)
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }

    /// Skips blanks, line ends and comments.
    private mutating func skipBlanksAndLines() throws(TOMLError) {
        while true {
            skipBlanks()
            if rest.first == "#" {
                let comment = rest.prefix { $0 != "\n" }
                if comment.contains(where: Self.isForbidden) {
                    return try fail(.controlCharacter)
                }
                rest = rest[comment.endIndex...]
            }
            if !skipLineEnd() { return }
        }
    }

    /// Control characters except the tab and the carriage return before a line feed.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\t" && scalar != "\r") || scalar.value == 0x7F
    }

    private mutating func endLine() throws(TOMLError) {
        let start = line
        try skipBlanksAndLines()
        guard line > start || rest.isEmpty else { return try fail(.trailingText) }
    }

    private mutating func expect(
        _ scalar: Unicode.Scalar, _ place: TOMLError.Place
    ) throws(TOMLError) {
        skipBlanks()
        guard rest.first == scalar else { return try fail(.missing("\(scalar)", place)) }
        rest.removeFirst()
    }

    private func hasThree(_ quote: Unicode.Scalar) -> Bool {
        rest.prefix(3).elementsEqual(repeatElement(quote, count: 3))
    }

    /// Reads a basic or literal string, of one line or several.
    private mutating func readString() throws(TOMLError) -> String {
        guard let quote = rest.first else { return try fail(.missingValue) }
        let count = hasThree(quote) ? 3 : 1
        rest = rest.dropFirst(count)
        if count == 3 { _ = skipLineEnd() }
        var text = String.UnicodeScalarView()
        while let scalar = rest.first {
            if scalar == quote, count == 1 || hasThree(quote) {
                rest = rest.dropFirst(count)
                // Up to two quotation marks may precede the closing delimiter.
                while count == 3, rest.first == quote, text.suffix(2) != [quote, quote] {
                    text.append(quote)
                    rest.removeFirst()
                }
                return String(text)
            }
            if scalar == "\\" && quote == "\"" {
                if let escaped = try readEscape(count) { text.append(escaped) }
                continue
            }
            if scalar == "\n" {
                if count == 1 { return try fail(.unterminatedString) }
                line += 1
            } else if Self.isForbidden(scalar) {
                return try fail(.controlCharacter)
            }
            text.append(scalar)
            rest.removeFirst()
        }
        return try fail(.unterminatedString)
    }

    /// Returns whether there was one.
    private mutating func skipLineEnd() -> Bool {
        if rest.starts(with: "\r\n".unicodeScalars) { rest.removeFirst() }
        guard rest.first == "\n" else { return false }
        rest.removeFirst()
        line += 1
        return true
    }

    /// Reads an escape sequence; nil for a backslash at a line's end, which also skips white space.
    private mutating func readEscape(_ quotes: Int) throws(TOMLError) -> Unicode.Scalar? {
        rest.removeFirst()
        let escapes: [Unicode.Scalar: Unicode.Scalar] = [
            "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{C}", "r": "\r", "\"": "\"", "\\": "\\",
        ]
        guard let letter = rest.first else { return try fail(.unterminatedString) }
        if let scalar = escapes[letter] {
            rest.removeFirst()
            return scalar
        }
        if letter == "u" || letter == "U" {
            rest.removeFirst()
            let digits = String(rest.prefix(letter == "u" ? 4 : 8))
            rest = rest.dropFirst(digits.unicodeScalars.count)
            guard digits.count == (letter == "u" ? 4 : 8), digits.allSatisfy(\.isHexDigit),
                let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value)
            else { return try fail(.invalidEscape("\\\(letter)\(digits)")) }
            return scalar
        }
        let blanks = rest.prefix { " \t\r\n".unicodeScalars.contains($0) }
        guard quotes == 3, blanks.contains("\n") else {
            return try fail(.invalidEscape("\\\(letter)"))
        }
        line += blanks.count { $0 == "\n" }
        rest = rest[blanks.endIndex...]
        return nil
    }
}
