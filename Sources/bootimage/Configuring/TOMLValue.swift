/// A value of a TOML document, as far as settings have a use for it.
indirect enum TOMLValue: Equatable, Sendable {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case array([TOMLValue])
    case table([TOMLEntry])
    /// A number with a fraction, a date or a time, as it is written.
    case other(String)

    /// What it is, for people.
    var description: String {
        switch self {
        case .string(let text): "the text “\(text)”"
        case .integer(let number): "\(number)"
        case .boolean(let flag): "\(flag)"
        case .array: "a list"
        case .table: "a table"
        case .other(let text): text
        }
    }
}

/// A key with its value, and the line on which it stands.
struct TOMLEntry: Equatable, Sendable {
    let key: String
    var value: TOMLValue
    let line: Int
    /// Whether a header or a value made it, which nothing may make again.
    var isComplete: Bool
}

/// Why a text is no TOML, and on which line.
struct TOMLError: Error, Equatable {
    let line: Int
    let cause: String
}

extension [TOMLEntry] {
    /// Puts a value at the end of a path, in tables that are made if need be; whether nothing was
    /// there.
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
            // A header may come after those of the tables inside it.
            guard !self[index].isComplete, case .table = self[index].value, value == .table([])
            else { return false }
            self[index].isComplete = true
            return true
        }
        return inTable(named: name, at: index, line: line) {
            $0.insert(value, at: path.dropFirst(), line: line)
        }
    }

    /// Begins another table in the list at the end of a path, which is made if need be; whether
    /// nothing else was there.
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

    /// Changes the table of that name, which is made if need be, or the last one of a list of
    /// tables; whether there was no other value.
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
