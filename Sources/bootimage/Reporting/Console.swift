#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif
import SystemPackage

/// What the commands say: results on standard output, everything else on standard error.
enum Console {
    /// Prints a result; a reader that has gone away is no reason to fail.
    static func print(_ line: String, end: String = "\n") throws(Failure) {
        do {
            try write(line + end, to: .standardOutput)
        } catch Errno.brokenPipe {
            return
        } catch {
            throw Failure(.inputOutput, "standard output: cannot be written: \(error)")
        }
    }

    /// Whether somebody looks at standard output on a terminal that can move its cursor.
    static var isTerminal: Bool {
        isatty(STDOUT_FILENO) == 1 && Environment["TERM"] != "dumb" && Environment["CI"] == nil
    }

    static func warning(_ message: String) {
        try? write("bootimage: warning: \(oneLine(message))\n", to: .standardError)
    }

    /// Tells what nobody needs to act on.
    static func note(_ message: String) {
        try? write("\(oneLine(message))\n", to: .standardError)
    }

    static func error(_ message: String) {
        try? write("bootimage: \(oneLine(message))\n", to: .standardError)
    }

    /// Asks for a line.
    static func prompt(_ question: String) {
        try? write(oneLine(question), to: .standardError)
    }

    /// Whether standard error is a terminal that can draw a line again in its place.
    static var showsProgress: Bool {
        isatty(STDERR_FILENO) == 1 && Environment["TERM"] != "dumb" && Environment["CI"] == nil
    }

    /// Shows a line in the place of the one before (ECMA-48: EL), if ``showsProgress``.
    static func draw(_ line: String) {
        if showsProgress { try? write("\r\(oneLine(line))\u{1B}[K", to: .standardError) }
    }

    /// Removes the line that was drawn last.
    static func erase() {
        if showsProgress { try? write("\r\u{1B}[K", to: .standardError) }
    }

    /// Lets `body` draw lines, none of which stays.
    static func withProgress<Result, Problem>(
        _ body: (_ show: (String) -> Void) throws(Problem) -> Result
    ) throws(Problem) -> Result {
        defer { erase() }
        return try body(draw)
    }

    /// The text with control characters written out: a file's name may hold any of them.
    static func oneLine(_ text: String) -> String {
        text.unicodeScalars.map {
            $0.properties.generalCategory == .control ? $0.escaped(asASCII: true) : String($0)
        }.joined()
    }

    /// Without a reader the call fails instead of raising a signal.
    private static func write(_ text: String, to descriptor: FileDescriptor) throws {
        try ignoring(SIGPIPE) { _ = try descriptor.writeAll(text.utf8) }
    }
}

/// Runs `body` without that signal: the system call that would raise it fails instead.
///
/// Only for so long, because QEMU would inherit what is ignored.
func ignoring<Result, Problem>(
    _ signalNumber: Int32, _ body: () throws(Problem) -> Result
) throws(Problem) -> Result {
    let handler = signal(signalNumber, SIG_IGN)
    defer { signal(signalNumber, handler) }
    return try body()
}

/// The process's environment variables.
enum Environment {
    static subscript(name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// All of them, `NAME=value` each, as a new process takes them.
    static var pointers: [UnsafeMutablePointer<CChar>?] {
        sequence(first: environ) { $0 + 1 }.lazy.map(\.pointee).prefix { $0 != nil }.map(\.self)
    }

    /// Those of these, `NAME=value`, that this process has not.
    static func missing(_ variables: [String]) -> [String] {
        variables.filter { variable in Self[String(variable.prefix { $0 != "=" })] == nil }
    }

    /// All but those of these names.
    static func pointers(without names: [String]) -> [UnsafeMutablePointer<CChar>?] {
        pointers.filter { pointer in
            guard let pointer else { return false }
            return !names.contains { strncmp(pointer, $0 + "=", $0.utf8.count + 1) == 0 }
        }
    }
}
