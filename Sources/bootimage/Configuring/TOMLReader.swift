/// Reads a TOML document (TOML 1.0.0) with the line of each key.
struct TOMLReader {
    private var rest: Substring.UnicodeScalarView
    private var line = 1
    private var root: [TOMLEntry] = []

    /// The deepest that lists and tables may lie in each other.
    private static let deepest = 64

    /// The entries of the document's top level.
    static func read(_ text: String) throws(TOMLError) -> [TOMLEntry] {
        var reader = Self(rest: text[...].unicodeScalars)
        try reader.readDocument()
        return reader.root
    }

    private init(rest: Substring.UnicodeScalarView) { self.rest = rest }

    /// Puts a value where its key says, in a table that is made if need be.
    private mutating func insert(
        _ value: TOMLValue, at path: [String], line: Int
    ) throws(TOMLError) {
        guard root.insert(value, at: path[...], line: line) else {
            throw TOMLError(line: line, cause: "“\(path.joined(separator: "."))” is there already")
        }
    }

    /// Begins another table of a list, which is made if need be.
    private mutating func appendTable(at path: [String], line: Int) throws(TOMLError) {
        guard root.appendTable(at: path[...], line: line) else {
            throw TOMLError(
                line: line, cause: "“\(path.joined(separator: "."))” is there already, and no list")
        }
    }

    private func fail<Result>(_ cause: String) throws(TOMLError) -> Result {
        throw TOMLError(line: line, cause: cause)
    }

    private mutating func readDocument() throws(TOMLError) {
        var table: [String] = []
        while true {
            try skipBlanksAndLines()
            guard let next = rest.first else { return }
            let start = line
            if next == "[" {
                let isInList = rest.dropFirst().first == "["
                table = try isInList ? readListHeader() : readHeader()
                if isInList {
                    try appendTable(at: table, line: start)
                } else {
                    try insert(.table([]), at: table, line: start)
                }
            } else {
                let (key, value) = try readPair()
                try insert(value, at: table + key, line: start)
            }
            try endLine()
        }
    }

    /// `[name]`; nothing but a key between the brackets.
    private mutating func readHeader() throws(TOMLError) -> [String] {
        rest.removeFirst()
        let key = try readKey()
        try expect("]", "after a table's name")
        return key
    }

    /// `[[name]]`, which begins another table of a list.
    private mutating func readListHeader() throws(TOMLError) -> [String] {
        rest.removeFirst()
        let key = try readHeader()
        guard rest.first == "]" else { return try fail("“]]” is missing after a list's name") }
        rest.removeFirst()
        return key
    }

    private mutating func readPair() throws(TOMLError) -> ([String], TOMLValue) {
        let key = try readKey()
        try expect("=", "after a key")
        return (key, try readValue(depth: 0))
    }

    /// One name, or several with dots between them.
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
            if hasThree(quote) { return try fail("a key has one line") }
            return try readString()
        }
        let name = rest.prefix { Self.isBare($0) }
        if name.isEmpty { return try fail("a key is missing") }
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
        if depth > Self.deepest { return try fail("lists lie too deep in each other") }
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
        try expect("]", "or a comma after a list's value")
        return values
    }

    private mutating func readInlineTable(_ depth: Int) throws(TOMLError) -> [TOMLEntry] {
        rest.removeFirst()
        // A reader of its own, so that keys are told apart from those around the table.
        var table = self
        table.root = []
        table.skipBlanks()
        while table.rest.first != "}" {
            let start = table.line
            let key = try table.readKey()
            try table.expect("=", "after a key")
            let value = try table.readValue(depth: depth + 1)
            try table.insert(value, at: key, line: start)
            table.skipBlanks()
            if table.rest.first != "," { break }
            table.rest.removeFirst()
            table.skipBlanks()
            if table.rest.first == "}" { return try fail("a comma ends a table") }
        }
        try table.expect("}", "or a comma after a table's value")
        (rest, line) = (table.rest, table.line)
        return table.root
    }

    /// A number, `true` or `false`, a date.
    private mutating func readWord() throws(TOMLError) -> TOMLValue {
        let word = String(rest.prefix { Self.isBare($0) || ":+.".unicodeScalars.contains($0) })
        rest = rest.dropFirst(word.unicodeScalars.count)
        if word == "true" || word == "false" { return .boolean(word == "true") }
        if let number = Self.integer(word) { return .integer(number) }
        guard let first = word.unicodeScalars.first, "0123456789+-in".unicodeScalars.contains(first)
        else { return try fail("a value is missing") }
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
}

extension TOMLReader {
    private mutating func skipBlanks() {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }

    /// Also comments, which end with their line.
    private mutating func skipBlanksAndLines() throws(TOMLError) {
        while true {
            skipBlanks()
            if rest.first == "#" {
                let comment = rest.prefix { $0 != "\n" }
                if comment.contains(where: Self.isForbidden) {
                    return try fail("a control character in a comment")
                }
                rest = rest[comment.endIndex...]
            }
            if rest.starts(with: "\r\n".unicodeScalars) { rest.removeFirst() }
            guard rest.first == "\n" else { return }
            rest.removeFirst()
            line += 1
        }
    }

    /// Control characters but for tabs and the carriage return before a line's end.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\t" && scalar != "\r") || scalar.value == 0x7F
    }

    private mutating func endLine() throws(TOMLError) {
        let start = line
        try skipBlanksAndLines()
        guard line > start || rest.isEmpty else { return try fail("a line has one setting") }
    }

    private mutating func expect(_ scalar: Unicode.Scalar, _ place: String) throws(TOMLError) {
        skipBlanks()
        guard rest.first == scalar else { return try fail("“\(scalar)” is missing \(place)") }
        rest.removeFirst()
    }

    private func hasThree(_ quote: Unicode.Scalar) -> Bool {
        rest.prefix(3).elementsEqual(repeatElement(quote, count: 3))
    }

    /// A string of one line or several, with escapes or without.
    private mutating func readString() throws(TOMLError) -> String {
        guard let quote = rest.first else { return try fail("a text is missing") }
        let count = hasThree(quote) ? 3 : 1
        rest = rest.dropFirst(count)
        if count == 3 { skipLineEnd() }
        var text = String.UnicodeScalarView()
        while let scalar = rest.first {
            if scalar == quote, count == 1 || hasThree(quote) {
                rest = rest.dropFirst(count)
                // Up to two quotation marks may stand before the three that end a text.
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
                if count == 1 { return try fail("a text has no end") }
                line += 1
            } else if Self.isForbidden(scalar) {
                return try fail("a control character in a text")
            }
            text.append(scalar)
            rest.removeFirst()
        }
        return try fail("a text has no end")
    }

    private mutating func skipLineEnd() {
        if rest.starts(with: "\r\n".unicodeScalars) { rest.removeFirst() }
        guard rest.first == "\n" else { return }
        rest.removeFirst()
        line += 1
    }

    /// What a backslash stands for; nothing at the end of a line, where it takes the next blanks.
    private mutating func readEscape(_ quotes: Int) throws(TOMLError) -> Unicode.Scalar? {
        rest.removeFirst()
        let escapes: [Unicode.Scalar: Unicode.Scalar] = [
            "b": "\u{8}", "t": "\t", "n": "\n", "f": "\u{C}", "r": "\r", "\"": "\"", "\\": "\\",
        ]
        guard let letter = rest.first else { return try fail("a text has no end") }
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
            else { return try fail("“\\\(letter)\(digits)” is no character") }
            return scalar
        }
        let blanks = rest.prefix { " \t\r\n".unicodeScalars.contains($0) }
        guard quotes == 3, blanks.contains("\n") else {
            return try fail("“\\\(letter)” stands for nothing")
        }
        line += blanks.count { $0 == "\n" }
        rest = rest[blanks.endIndex...]
        return nil
    }
}
