import SystemPackage

/// A program that signing needs, and the package that has it.
struct SigningProgram {
    static let openssl = SigningProgram(name: "openssl", package: "openssl")
    static let sbsign = SigningProgram(name: "sbsign", package: "sbsigntool")
    static let sbverify = SigningProgram(name: "sbverify", package: "sbsigntool")

    let name: String
    let package: String

    /// Making a key takes seconds at most; nothing else here takes that long.
    private static let limit = Duration.seconds(120)

    /// Runs it and returns what it prints; `subject` is what a failure is about.
    @discardableResult
    func run(
        _ arguments: [String], on subject: String, _ status: Failure.Status = .badInput
    ) throws(Failure) -> String {
        guard let program = Executable.find(name) else {
            throw Failure(
                .missingTool, "\(name) is not on PATH; install it: apt install \(package)")
        }
        let query = ProgramQuery(program: program, arguments: arguments, limit: Self.limit)
        do throws(ProgramQuery.Problem) {
            return try query.answer()
        } catch {
            switch error {
            case .notStarted(let errno):
                throw Failure(.missingTool, "\(program): cannot be started: \(errno)")
            case .ended(_, let output):
                let lines = output.split(separator: "\n")
                let reason = lines.first { !$0.hasPrefix("warning: ") && !$0.hasPrefix("Signing") }
                throw Failure(
                    status, "\(subject): \(name) says: \(reason ?? "nothing, and failed")")
            case .timedOut:
                throw Failure(.missingTool, "\(program): did not end in time")
            case .asked(let signal):
                throw Failure(.inputOutput, "\(subject): ended by signal \(signal)")
            }
        }
    }
}
