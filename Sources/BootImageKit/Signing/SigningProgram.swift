import HostSystem
import SystemPackage

/// A program that signing needs, and the that has it.
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
        var program = try programs { () throws(ProgramError) in try Program(name) }
        program.limit = Self.limit
        do throws(ProgramError) {
            return try program.run(arguments)
        } catch .failed(_, _, let output) {
            let lines = output.split(separator: "\n")
            let reason = lines.first { !$0.hasPrefix("warning: ") && !$0.hasPrefix("Signing") }
            throw Failure(status, "\(subject): \(name) says: \(reason ?? "nothing, and failed")")
        } catch {
            throw Failure(error)
        }
    }
}
