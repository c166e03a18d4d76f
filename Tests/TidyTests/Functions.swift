/// A function of a Swift file, from the line of its name to that of its closing brace.
struct Function: CustomStringConvertible {
    var place: String
    var lineCount: Int

    var description: String { "\(place): \(lineCount) lines" }
}

extension SourceFile {
    /// Every function and initializer with a body of more than one line.
    ///
    /// The formatter has put the closing brace under the declaration's first character.
    var functions: [Function] {
        guard isWritten(in: "swift") else { return [] }
        let lines = lines
        return lines.indices.compactMap { start in
            guard Self.declaresFunction(lines[start]) else { return nil }
            let indentation = Self.indentation(of: lines[start])
            let end = lines[(start + 1)...].firstIndex {
                Self.endsFunction($0, indentation: indentation)
            }
            guard let end, lines[end].dropFirst(indentation).hasPrefix("}") else { return nil }
            return Function(place: "\(path):\(start + 1)", lineCount: end - start + 1)
        }
    }

    private static func declaresFunction(_ line: Substring) -> Bool {
        let words = line.split { " (?<".contains($0) }
        return words.contains("func") || words.contains("init")
    }

    /// Whether the line is at the function's own depth or above, and not the end of its signature.
    private static func endsFunction(_ line: Substring, indentation: Int) -> Bool {
        guard !line.isEmpty, self.indentation(of: line) <= indentation else { return false }
        return !["(", ")", "{"].contains(line.dropFirst(self.indentation(of: line)).prefix(1))
    }

    private static func indentation(of line: Substring) -> Int {
        line.prefix { $0 == " " }.count
    }
}
