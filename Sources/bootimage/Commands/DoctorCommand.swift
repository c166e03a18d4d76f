import ArgumentParser
import BootImageKit
import HostSystem

/// `bootimage doctor`: tells what of this machine the other commands can use.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Tell which tools, firmware and accelerators are here, and what is missing.",
        discussion: """
            Asks each program for its version, and runs a guest of one page with KVM. Exit \
            status: 0 if guests can be booted, 69 if not.
            """)

    @Option(help: "Give up on each program after this many seconds.")
    var timeout = 10

    @Flag(help: "Print one JSON object instead of text.")
    var json = false

    func validate() throws {
        if !(1...1000).contains(timeout) {
            throw ValidationError("--timeout is \(timeout); it must be 1…1000")
        }
    }

    func run() throws {
        let diagnosis: Diagnosis
        do throws(ProgramError) {
            diagnosis = try HostExamination.run(
                version: Bootimage.configuration.version, limit: .seconds(timeout))
        } catch {
            throw Failure(error)
        }
        try Console.print(json ? JSON.text(diagnosis) : DiagnosisText(diagnosis).text)
        if !diagnosis.isUsable { throw ExitCode(Failure.Status.missingTool.rawValue) }
    }
}
