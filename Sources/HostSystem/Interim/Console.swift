import Libc
import SystemPackage

/// What the commands say: results on standard output, everything else on standard error.
package enum Console {
    /// Prints a result; a reader that has gone away is no reason to fail.
    package static func print(_ line: String, end: String = "\n") throws(Failure) {
        do {
            try write(line + end, to: .standardOutput)
        } catch Errno.brokenPipe {
            return
        } catch {
            throw Failure(.inputOutput, "standard output: cannot be written: \(error)")
        }
    }

    /// Whether somebody looks at standard output on a terminal that can move its cursor.
    package static var isTerminal: Bool {
        isatty(STDOUT_FILENO) == 1 && Environment["TERM"] != "dumb" && Environment["CI"] == nil
    }

    package static func warning(_ message: String) {
        try? write("bootimage: warning: \(oneLine(message))\n", to: .standardError)
    }

    /// Tells what nobody needs to act on.
    package static func note(_ message: String) {
        try? write("\(oneLine(message))\n", to: .standardError)
    }

    package static func error(_ message: String) {
        try? write("bootimage: \(oneLine(message))\n", to: .standardError)
    }

    /// Asks for a line.
    package static func prompt(_ question: String) {
        try? write(oneLine(question), to: .standardError)
    }

    /// Whether standard error is a terminal that can draw a line again in its place.
    package static var showsProgress: Bool {
        isatty(STDERR_FILENO) == 1 && Environment["TERM"] != "dumb" && Environment["CI"] == nil
    }

    /// Shows a line in the place of the one before (ECMA-48: EL), if ``showsProgress``.
    package static func draw(_ line: String) {
        if showsProgress { try? write("\r\(oneLine(line))\u{1B}[K", to: .standardError) }
    }

    /// Removes the line that was drawn last.
    package static func erase() {
        if showsProgress { try? write("\r\u{1B}[K", to: .standardError) }
    }

    /// Lets `body` draw lines, none of which stays.
    package static func withProgress<Result, Problem>(
        _ body: (_ show: (String) -> Void) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        defer { erase() }
        return try body(draw)
    }

    /// The text with control characters written out: a file's name may hold any of them.
    package static func oneLine(_ text: String) -> String {
        text.unicodeScalars.map {
            $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
        }.joined()
    }

    /// Without a reader the call fails instead of raising a signal.
    private static func write(_ text: String, to descriptor: FileDescriptor) throws {
        try ignoring(SIGPIPE) { _ = try descriptor.writeAll(text.utf8) }
    }
}
