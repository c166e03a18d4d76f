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

package struct TOMLEntry: Equatable, Sendable {
    package let key: String
    package var value: TOMLValue
    package let line: Int
    /// Whether a header or a value defined it; a second definition is an error.
    var isComplete: Bool

    /// Changes the table, or the last one of an array of tables; false if it is something else.
    fileprivate mutating func changeTable(_ change: (inout [TOMLEntry]) -> Bool) -> Bool {
        switch value {
        case .table(var table):
            guard change(&table) else { return false }
            value = .table(table)
        case .array(let tables) where !isComplete:
            guard case .table(var last)? = tables.last, change(&last) else { return false }
            value = .array(tables.dropLast() + [.table(last)])
        default: return false
        }
        return true
    }
}

/// Why a document is not TOML, and on which line.
package struct TOMLError: Error, Equatable {
    package let line: Int
    package let problem: Problem

    package enum Problem: CustomStringConvertible, Equatable, Sendable {
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

    package enum Place: String, Sendable {
        case afterTableName = "after a table name"
        case afterKey = "after a key"
        case orCommaAfterElement = "or a comma after an element"
    }
}

extension [TOMLEntry] {
    /// Stores a value at the end of a path and creates missing tables; false if it is defined.
    mutating func insert(_ value: TOMLValue, at path: ArraySlice<String>, line: Int) -> Bool {
        change(path, line: line) { entry, isNew in
            if isNew {
                entry.value = value
            } else {
                // A table's header may follow those of its subtables.
                guard !entry.isComplete, case .table = entry.value, value == .table([]) else {
                    return false
                }
            }
            entry.isComplete = true
            return true
        }
    }

    /// Appends a table to the array at the end of a path, created if missing; false if the path
    /// is defined as something else.
    mutating func appendTable(at path: ArraySlice<String>, line: Int) -> Bool {
        change(path, line: line) { entry, isNew in
            if isNew { entry.value = .array([]) }
            guard !entry.isComplete, case .array(let tables) = entry.value else { return false }
            entry.value = .array(tables + [.table([])])
            return true
        }
    }

    /// Changes the entry at the end of a path; missing ones on the way are new, empty tables.
    private mutating func change(
        _ path: ArraySlice<String>, line: Int, _ body: (inout TOMLEntry, _ isNew: Bool) -> Bool
    ) -> Bool {
        guard let name = path.first else { return false }
        let index = firstIndex { $0.key == name }
        var entry =
            index.map { self[$0] }
            ?? TOMLEntry(key: name, value: .table([]), line: line, isComplete: false)
        let isChanged =
            path.count == 1
            ? body(&entry, index == nil)
            : entry.changeTable { $0.change(path.dropFirst(), line: line, body) }
        guard isChanged else { return false }
        if let index { self[index] = entry } else { append(entry) }
        return true
    }
}
