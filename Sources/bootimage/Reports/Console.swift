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
    static var isTerminal: Bool { isTerminal(STDOUT_FILENO) }

    /// The same for standard error.
    static var showsProgress: Bool { isTerminal(STDERR_FILENO) }

    private static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && Environment["TERM"] != "dumb" && Environment["CI"] == nil
    }

    static func warning(_ message: String) { error("warning: \(message)") }

    /// Prints information that needs no action.
    static func note(_ message: String) {
        try? write("\(oneLine(message))\n", to: .standardError)
    }

    static func error(_ message: String) {
        try? write("bootimage: \(oneLine(message))\n", to: .standardError)
    }

    static func prompt(_ question: String) {
        try? write(oneLine(question), to: .standardError)
    }

    /// Draws a line over the previous one (ECMA-48: EL), if ``showsProgress``.
    static func draw(_ line: String) {
        if showsProgress { try? write("\r\(oneLine(line))\u{1B}[K", to: .standardError) }
    }

    static func erase() { draw("") }

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
