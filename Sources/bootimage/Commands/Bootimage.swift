import ArgumentParser
import BootImageKit
import GuestKit
import HostSystem

/// The command line's root: picks a subcommand, runs it, and turns what went wrong into one line
/// and an exit status.
@main
struct Bootimage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootimage",
        abstract: "Turn a kernel's ELF file into disk images that boot on BIOS and UEFI.",
        discussion: """
            Exit status: 0 done, 64 usage, 65 the kernel is bad, 66 an input is missing, \
            69 a tool is missing, 73 the output cannot be made, 74 I/O; run and runner end with \
            QEMU's own, test with 1 unless all passed.
            """,
        version: toolVersion,
        subcommands: [
            BuildCommand.self, RunCommand.self, RunnerCommand.self, TestCommand.self,
            InspectCommand.self, VerifyCommand.self, FlashCommand.self, ConfigCommand.self,
            NewCommand.self, KeysCommand.self, DoctorCommand.self, ManualCommand.self,
            FlashWriterCommand.self,
        ])

    /// This tool's version, and its loaders'.
    static let toolVersion = Version.current

    static func main() {
        do {
            let words = Array(CommandLine.arguments.dropFirst())
            var command = try parsed(TestCommand.spellingOutTerminator(words))
            try command.run()
        } catch let failure as Failure {
            Console.error(failure.message)
            Self.exit(withError: ExitCode(failure.status.rawValue))
        } catch {
            Self.exit(withError: error)
        }
    }

    /// The command that the words stand for, with its options.
    ///
    /// From the root down, ArgumentParser makes the subcommand's options three times, which was a
    /// sixth of what a small build took. A subcommand that is named first is asked by itself; what
    /// it refuses, and help, are the root's, which says the command's whole name.
    private static func parsed(_ words: [String]) throws -> any ParsableCommand {
        let subcommand = configuration.subcommands.first {
            $0.configuration.commandName == words.first
        }
        if let subcommand, let command = try? subcommand.parseAsRoot(Array(words.dropFirst())),
            type(of: command) == subcommand
        {
            return command
        }
        return try parseAsRoot(words)
    }
}
