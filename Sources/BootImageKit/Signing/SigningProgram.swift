import HostSystem

/// A program that signs, verifies or makes keys.
package enum SigningProgram: String, CaseIterable {
    case openssl, sbsign, sbverify

    @discardableResult
    func run(_ arguments: [String]) throws(ProgramError) -> String {
        var program = try Program(rawValue)
        // Making a key takes seconds at most, everything else less.
        program.limit = .seconds(120)
        return try program.run(arguments)
    }

    /// Runs the program; `fault` is its failure, with the first line that gives a reason.
    @discardableResult
    func run(
        _ arguments: [String], failingWith fault: (_ output: String?) -> SigningFault
    ) throws(BuildError) -> String {
        do throws(ProgramError) {
            return try run(arguments)
        } catch .failed(_, _, let output) {
            throw .signing(fault(Self.reason(in: output)))
        } catch {
            throw .program(error, .signing)
        }
    }

    /// The first line of a program's output that gives a reason.
    static func reason(in output: String) -> String? {
        output.split(separator: "\n")
            .first { !$0.hasPrefix("warning: ") && !$0.hasPrefix("Signing") }.map(String.init)
    }
}
