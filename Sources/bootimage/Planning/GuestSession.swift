import ELFKit
import GuestKit
import HostSystem
import Libc
import SystemPackage

/// A guest on the user's terminal, for `run` and `runner`.
struct GuestSession {
    let plan: RunPlan
    let host: RunHost
    /// The kernel or image that the user named.
    let file: FilePath
    var picture: WatchedRun.Picture?
    var debugger: WatchedRun.Debugger?
    var limit: Duration?
    var serial = SerialOutput.text
    /// Whether a reset, which ends QEMU with 0 under `-no-reboot`, is the success of a test.
    var allowsReset = false

    /// Whether the file's name says that it is a test.
    static func isTest(_ file: FilePath) -> Bool { file.stem?.hasSuffix("Tests") ?? false }

    /// Runs the guest, reports what a person would not see, and returns the exit status.
    ///
    /// A user's own command writes to standard output itself unless its output is filtered.
    func run(_ command: GuestCommand) throws -> Int32 {
        let bracket = CIBracket(.standardOutput)
        try bracket.open()
        let ending: WatchedRun.Ending
        do {
            if isUserProgram, !isFiltered, picture == nil, debugger == nil {
                ending = (try command.run(limit: limit), nil)
            } else {
                ending = try watch(command)
            }
        } catch {
            try bracket.close()
            throw error
        }
        try bracket.close()
        let isExpectedReset = allowsReset && ending.status == 0
        guard let explanation = ending.explanation, !isExpectedReset else { return ending.status }
        let times = explanation.verdict == .reset ? " again and again" : ""
        Console.error("\(file): \(explanation.summary)\(times)")
        return Self.isTest(file) && ending.status == defaultSuccess ? 1 : ending.status
    }

    /// The exit status with which QEMU reports success; nil for the user's own command.
    var defaultSuccess: Int32? {
        isUserProgram ? nil : architecture.platform.successStatus
    }

    private var isUserProgram: Bool {
        if case .userProgram = host { true } else { false }
    }

    private var isFiltered: Bool { serial.isFiltered(on: .standardOutput) }

    private var architecture: Architecture { plan.machine.chipset.architecture }

    private func watch(_ command: GuestCommand) throws -> WatchedRun.Ending {
        var command = command
        if isUserProgram {
            let isErrorFiltered = isFiltered && serial.isFiltered(on: .standardError)
            command.standardError = isErrorFiltered ? .output : .inherited
        }
        var run = WatchedRun(
            command,
            TestPlan.Boot(
                name: file.text, file: file, starter: plan.starter, architecture: architecture),
            picture: picture, debugger: debugger, limit: limit,
            isFiltered: isFiltered
        ) { event in
            switch event {
            case .debuggerAwaited(let gdb, let lldb):
                Console.note(
                    "the kernel waits for a debugger: \(architecture.debugger) -x \(gdb), or "
                        + "lldb -s \(lldb)")
            case .stderrLine(let line): Console.note(line)
            case .halted:
                Console.note(
                    "bootimage: \(file): the guest halted with interrupts disabled; "
                        + "Ctrl-C ends QEMU")
            case .pictureUnprompted(let path, let text):
                Console.warning(
                    "\(path): shows the guest's last screen: no serial line contained “\(text)”")
            case .recordFailed(let errno):
                Console.warning("standard output: cannot be written: \(errno); the guest goes on")
            }
        }
        return try run.run()
    }
}
