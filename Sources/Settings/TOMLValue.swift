/// A value of a TOML document.
package indirect enum TOMLValue: Equatable, Sendable {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case array([TOMLValue])
    case table([TOMLEntry])
    /// A float, a date or a time, as written: no setting accepts one.
    case other(String)

    /// The value in a message; arrays and tables by their type only.
    var description: String {
        switch self {
        case .string(let text): "the string “\(text)”"
        case .integer(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .array: "an array"
        case .table: "a table"
        case .other(let text): text
        }
    }
}

/// A key with its value and its line.
package struct TOMLEntry: Equatable, Sendable {
    package let key: String
    package var value: TOMLValue
    package let line: Int
    /// Whether a header or a value defined it; a second definition is an error.
    var isComplete: Bool
}

/// Why a document is not TOML, and on which line.
package struct TOMLError: Error, Equatable {
    package let line: Int
    package let problem: Problem

    init(line: Int, _ problem: Problem) {
        self.line = line
        self.problem = problem
    }

    package enum Problem: Equatable, Sendable {
        case alreadyDefined(String)
        /// `[[name]]`, but the name is defined as something else.
        case notAnArray(String)
        case missingKey, missingValue
        case missing(String, Place)
        case multilineKey
        case tooDeep
        /// In an inline table.
        case trailingComma
        case trailingText
        case controlCharacter
        case unterminatedString
        case invalidEscape(String)
    }

    /// Where a token is missing.
    package enum Place: String, Sendable {
        case afterTableName = "after a table name"
        case afterKey = "after a key"
        case orCommaAfterElement = "or a comma after an element"
    }
}

extension TOMLError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .alreadyDefined(let key): "“\(key)” is already defined"
        case .notAnArray(let key): "“\(key)” is already defined and not an array of tables"
        case .missingKey: "missing key"
        case .missingValue: "missing value"
        case .missing(let token, let place): "missing “\(token)” \(place.rawValue)"
        case .multilineKey: "a key cannot be a multi-line string"
        case .tooDeep: "more than \(TOMLReader.maximumDepth) levels of nesting"
        case .trailingComma: "trailing comma in an inline table"
        case .trailingText: "unexpected text at the end of the line"
        case .controlCharacter: "control character in a string or comment"
        case .unterminatedString: "unterminated string"
        case .invalidEscape(let text): "invalid escape sequence “\(text)”"
        }
    }
}

extension [TOMLEntry] {
    /// Stores a value at the end of a path and creates missing tables; false if it is defined.
    mutating func insert(
        _ value: TOMLValue, at path: ArraySlice<String>, line: Int
    ) -> Bool {
        guard let name = path.first else { return false }
        let index = firstIndex { $0.key == name }
        if path.count == 1 {
            guard let index else {
                append(TOMLEntry(key: name, value: value, line: line, isComplete: true))
                return true
            }
            // A table's header may follow those of its subtables.
            guard !self[index].isComplete, case .table = self[index].value, value == .table([])
            else { return false }
            self[index].isComplete = true
            return true
        }
        return inTable(named: name, at: index, line: line) {
            $0.insert(value, at: path.dropFirst(), line: line)
        }
    }

    /// Appends a table to the array at the end of a path, created if missing; false if the path
    /// is defined as something else.
    mutating func appendTable(at path: ArraySlice<String>, line: Int) -> Bool {
        guard let name = path.first else { return false }
        let index = firstIndex { $0.key == name }
        guard path.count == 1 else {
            return inTable(named: name, at: index, line: line) {
                $0.appendTable(at: path.dropFirst(), line: line)
            }
        }
        guard let index else {
            append(
                TOMLEntry(key: name, value: .array([.table([])]), line: line, isComplete: false))
            return true
        }
        guard !self[index].isComplete, case .array(let tables) = self[index].value else {
            return false
        }
        self[index].value = .array(tables + [.table([])])
        return true
    }

    /// Changes the table of that name, created if missing, or the last one of an array of tables;
    /// false if the name is defined as something else.
    private mutating func inTable(
        named name: String, at index: Int?, line: Int, _ change: (inout Self) -> Bool
    ) -> Bool {
        var inner: Self = []
        guard let index else {
            guard change(&inner) else { return false }
            append(TOMLEntry(key: name, value: .table(inner), line: line, isComplete: false))
            return true
        }
        switch self[index].value {
        case .table(let found):
            inner = found
            guard change(&inner) else { return false }
            self[index].value = .table(inner)
        case .array(let tables) where !self[index].isComplete:
            guard case .table(let last)? = tables.last else { return false }
            inner = last
            guard change(&inner) else { return false }
            self[index].value = .array(tables.dropLast() + [.table(inner)])
        default: return false
        }
        return true
    }
}
