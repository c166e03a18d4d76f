import ArgumentParser
import HostSystem

/// `bootimage doctor`: checks what the other commands need on this machine.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check which tools, firmware and accelerators are installed.",
        discussion: """
            Runs each program for its version, and a one-page guest with KVM. Exit status: 0 if \
            guests can boot, 69 if not.
            """)

    @Option(
        help: ArgumentHelp("Kill a program that runs longer than <seconds>.", valueName: "seconds"))
    var timeout = 10

    @Flag(help: "Print JSON instead of text.")
    var json = false

    func validate() throws {
        if !(1...1000).contains(timeout) {
            throw ValidationError("--timeout is \(timeout); it must be 1…1000 seconds")
        }
    }

    func run() throws {
        let diagnosis = try Diagnosis(limit: .seconds(timeout))
        try Console.print(json ? JSON.text(diagnosis) : diagnosis.text)
        if !diagnosis.isUsable { throw ExitCode(Failure.Status.missingTool.rawValue) }
    }
}
