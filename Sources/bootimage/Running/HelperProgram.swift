import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Another program that does a part of a build: it ends well, or its own words tell why not.
struct HelperProgram {
    let name: String
    private let path: FilePath
    /// Its standard input; empty if there is none.
    var input: FileDescriptor?
    /// Its standard output; with none, it is only looked at if the program fails.
    var output: FileDescriptor?
    /// Environment variables that it does not get.
    var withheldVariables: [String] = []
    /// Environment variables that it gets, unless this process has them: `NAME=value`.
    var variables: [String] = []

    /// Looks for it on PATH.
    ///
    /// A failure tells what needs it, and Debian's package that has it.
    init(name: String, package: String, need: String) throws(Failure) {
        guard let path = Executable.find(name) else {
            throw Failure(
                .missingTool,
                "\(name) is not on PATH, and \(need) needs it; install it: apt install \(package)")
        }
        (self.name, self.path) = (name, path)
    }

    /// Runs it to its end; what asks this process to end ends both.
    func run(_ arguments: [String]) throws(Failure) {
        var query = ProgramQuery(program: path, arguments: arguments, limit: nil)
        (query.input, query.output) = (input, output)
        (query.withheldVariables, query.variables) = (withheldVariables, variables)
        do throws(ProgramQuery.Problem) {
            // A limit on the size of files is then an error, which the program can tell of.
            try ignoring(SIGXFSZ) { () throws(ProgramQuery.Problem) in _ = try query.answer() }
        } catch {
            throw Failure(error, of: path)
        }
    }
}

extension Failure {
    fileprivate init(_ problem: ProgramQuery.Problem, of program: FilePath) {
        switch problem {
        case .notStarted(let errno):
            self.init(.missingTool, "\(program) cannot be started: \(errno)")
        case .ended(let status, let output):
            let words = output.split(whereSeparator: \.isNewline).joined(separator: "; ")
            let end =
                status & 0x7F == 0
                ? "ended with status \(status >> 8)" : "was ended by signal \(status & 0x7F)"
            self.init(.inputOutput, "\(program) \(end)" + (words.isEmpty ? "" : ": \(words)"))
        case .timedOut:
            self.init(.timedOut, "\(program) did not end in time")
        case .asked(let signal):
            self.init(
                Status(rawValue: 128 + signal) ?? .terminated,
                "\(program) was ended, because this command got signal \(signal)")
        }
    }
}
