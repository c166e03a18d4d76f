import HostSystem
import Libc
import SystemPackage

/// Prints results to standard output, and everything else to standard error.
enum Console {
    /// Prints a result; a closed pipe is not an error.
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
    static var isTerminal: Bool {
        isatty(STDOUT_FILENO) == 1 && Environment["TERM"] != "dumb" && Environment["CI"] == nil
    }

    static func warning(_ message: String) {
        try? write("bootimage: warning: \(oneLine(message))\n", to: .standardError)
    }

    /// Prints information that needs no action.
    static func note(_ message: String) {
        try? write("\(oneLine(message))\n", to: .standardError)
    }

    static func error(_ message: String) {
        try? write("bootimage: \(oneLine(message))\n", to: .standardError)
    }

    /// Prints a question without a line end.
    static func prompt(_ question: String) {
        try? write(oneLine(question), to: .standardError)
    }

    /// Whether standard error is a terminal with cursor control, outside of CI.
    static var showsProgress: Bool {
        isatty(STDERR_FILENO) == 1 && Environment["TERM"] != "dumb" && Environment["CI"] == nil
    }

    /// Draws a line over the previous one (ECMA-48: EL), if ``showsProgress``.
    static func draw(_ line: String) {
        if showsProgress { try? write("\r\(oneLine(line))\u{1B}[K", to: .standardError) }
    }

    /// Erases the drawn line.
    static func erase() {
        if showsProgress { try? write("\r\u{1B}[K", to: .standardError) }
    }

    /// Runs `body` with a function that draws lines; erases the last one at the end.
    static func withProgress<Result, Problem>(
        _ body: (_ show: (String) -> Void) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        defer { erase() }
        return try body(draw)
    }

    /// Escapes control characters, which file names may contain.
    static func oneLine(_ text: String) -> String {
        text.unicodeScalars.map {
            $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
        }.joined()
    }

    /// Writes without SIGPIPE: a closed pipe is an error of the call.
    private static func write(_ text: String, to descriptor: FileDescriptor) throws {
        try ignoring(SIGPIPE) { _ = try descriptor.writeAll(text.utf8) }
    }
}
