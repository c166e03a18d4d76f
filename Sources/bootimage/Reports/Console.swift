import HostSystem
import Libc
import SystemPackage

/// Prints results to standard output, and everything else to standard error.
enum Console {
    /// Prints a result, with the bytes of names as they are; a closed pipe is not an error.
    static func print(_ line: String, end: String = "\n") throws(Failure) {
        do {
            try write(line + end, to: .standardOutput)
        } catch Errno.brokenPipe {
            return
        } catch {
            throw Failure(.inputOutput, "standard output: cannot be written: \(error)")
        }
    }

    /// Whether standard output is a terminal with cursor control, outside of CI.
    static var isTerminal: Bool { isTerminal(STDOUT_FILENO) }

    /// The same for standard error.
    static var showsProgress: Bool { isTerminal(STDERR_FILENO) }

    private static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && Environment["TERM"] != "dumb" && Environment["CI"] == nil
    }

    /// Whether results have colours.
    static var hasColors: Bool { isTerminal && allowsColors }

    /// See https://no-color.org.
    private static var allowsColors: Bool { Environment["NO_COLOR"]?.isEmpty ?? true }

    static func warning(_ message: String) {
        report("bootimage: \(highlighted("warning:", .yellow)) ", message)
    }

    /// Prints information that needs no action, or a question.
    static func note(_ message: String, end: String = "\n") { report("", message, end: end) }

    static func error(_ message: String) { report(highlighted("bootimage:", .red) + " ", message) }

    private static func highlighted(_ word: String, _ color: TextColor) -> String {
        color.text(word, isShown: showsProgress && allowsColors)
    }

    private static func report(_ start: String, _ message: String, end: String = "\n") {
        try? write(start + oneLine(message) + end, to: .standardError)
    }

    /// Draws a line over the previous one (ECMA-48: EL), if ``showsProgress``.
    static func draw(_ line: String) {
        if showsProgress { try? write("\r\(oneLine(line))\u{1B}[K", to: .standardError) }
    }

    static func erase() { draw("") }

    /// Escapes bytes that are not UTF-8, control characters, characters that change the direction
    /// of text, and the markers of commands to CI systems: names and guests' output may contain
    /// them.
    static func oneLine(_ text: String) -> String {
        var text = text
        for marker in ciMarkers where text.contains(marker) {
            text = text.replacing(marker, with: "#\\u{23}" + marker.dropFirst(2))
        }
        // GitHub obeys this one at the start of a line only.
        if text.drop(while: \.isWhitespace).hasPrefix("::"), let start = text.firstIndex(of: ":") {
            text.replaceSubrange(start...start, with: "\\u{3A}")
        }
        return text.unicodeScalars.map {
            $0.shownPathByte ?? (isVisible($0) ? String($0) : $0.escaped(asASCII: true))
        }.joined()
    }

    /// How commands to GitHub, Azure Pipelines and TeamCity start, anywhere in a line.
    private static let ciMarkers = ["##[", "##vso[", "##teamcity["]

    /// The same for JSON, where these markers can only be in strings.
    static func withoutMarkers(json text: String) -> String {
        ciMarkers.reduce(text) { $0.replacing($1, with: "#\\u0023" + $1.dropFirst(2)) }
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        default: !scalar.properties.isBidiControl
        }
    }

    /// Writes without SIGPIPE: a closed pipe is an error of the call.
    private static func write(_ text: String, to descriptor: FileDescriptor) throws {
        try ignoring(SIGPIPE) { _ = try descriptor.writeAll(text.pathBytes) }
    }
}

/// The colours of words that report an outcome (ECMA-48: SGR).
enum TextColor: Int {
    case red = 31
    case green
    case yellow

    func text(_ text: String, isShown: Bool) -> String {
        isShown ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// Text in sections and columns.
enum TextTable {
    /// Sections with an empty line between them, without empty ones; names cannot break a line.
    static func sections(_ sections: [[String]]) -> String {
        sections.filter { !$0.isEmpty }
            .map { $0.map(Console.oneLine).joined(separator: "\n") }.joined(separator: "\n\n")
    }

    /// Rows in columns of even width, indented; each row has as many cells as the first.
    static func lines(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            let line = "  " + cells.joined(separator: "  ")
            return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
        }
    }
}
