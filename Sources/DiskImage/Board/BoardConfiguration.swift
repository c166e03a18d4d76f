/// `config.txt`, by which a Raspberry Pi's firmware finds and starts a kernel (Raspberry Pi
/// documentation, "config.txt").
public struct BoardConfiguration: Equatable, Sendable {
    /// Its name in the root folder.
    public static let fileName = "config.txt"
    /// The file with the kernel's command line.
    public static let commandLineName = "cmdline.txt"
    /// The firmware ignores what follows in a line.
    public static let lineLimit = 98

    /// The lines, without their ends.
    public let lines: [String]

    /// The configuration with these lines.
    public init(lines: [String]) { self.lines = lines }

    /// Reads a file.
    public init(_ bytes: [UInt8]) {
        let text = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
        lines = text.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
            let line = line.last == 0x0D ? line.dropLast() : line
            return String(decoding: line, as: UTF8.self)
        }
    }

    /// The file.
    public var bytes: [UInt8] { lines.flatMap { Array("\($0)\n".utf8) } }

    /// The last value of a setting for a board; `nil` if it is unset.
    ///
    /// Filters of models are followed; lines below any other filter do not count.
    public func value(of name: String, on board: Board) -> String? {
        var applies = true
        var value: String?
        for line in lines.map(\.trimmed) {
            if line.hasPrefix("["), line.hasSuffix("]") {
                let filter = line.dropFirst().dropLast().lowercased()
                applies = filter == "all" || filter == board.filter
            } else if applies, let sign = line.firstIndex(of: "="), line[..<sign] == name {
                value = String(line[line.index(after: sign)...])
            }
        }
        return value
    }

    /// Whether any line, below whatever filter, starts with that word.
    func has(_ word: String) -> Bool {
        lines.contains { line in
            let line = line.trimmed
            guard line.hasPrefix(word) else { return false }
            return line.dropFirst(word.count).first.map { $0 == "=" || $0 == " " } ?? true
        }
    }
}

extension String {
    fileprivate var trimmed: Substring {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
