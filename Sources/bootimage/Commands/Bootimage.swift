import ArgumentParser
import BootImageKit
import HostSystem
import Settings

/// The root command: runs a subcommand and turns errors into one line and an exit status.
@main
struct Bootimage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootimage",
        abstract: "Turn a kernel's ELF file into disk images that boot on BIOS and UEFI.",
        discussion: """
            Exit status: 0 success, 64 usage error, 65 bad kernel or other input, 66 missing \
            input, 69 missing tool, 73 output cannot be created, 74 I/O error. run and runner \
            exit with QEMU's status, test with 1 unless every test passes.
            """,
        version: Version.current,
        subcommands: [
            BuildCommand.self, RunCommand.self, RunnerCommand.self, TestCommand.self,
            InspectCommand.self, VerifyCommand.self, FlashCommand.self, ConfigCommand.self,
            NewCommand.self, KeysCommand.self, DoctorCommand.self, ManualCommand.self,
            FlashWriterCommand.self,
        ])

    static func main() {
        do {
            let words = Array(CommandLine.texts.dropFirst())
            var command = try parsed(TestCommand.spellingOutTerminator(words))
            try command.run()
        } catch {
            guard let failure = Failure(ofCommand: error) else { end(with: error) }
            Console.error(failure.message)
            exit(withError: ExitCode(failure.status.rawValue))
        }
    }

    /// Ends with ArgumentParser's error, help or version; an error may quote any argument.
    private static func end(with error: any Error) -> Never {
        let status = exitCode(for: error)
        if status.isSuccess { exit(withError: error) }
        let message = fullMessage(for: error)
        for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
            if !message.isEmpty { Console.note(String(line)) }
        }
        exit(withError: status)
    }

    /// Parses the arguments.
    ///
    /// Parsed from the root, ArgumentParser creates the subcommand's options three times: a sixth
    /// of the time of a small build. So a subcommand parses its own arguments first. If it fails or
    /// prints help, the root parses them again, for messages with the command's full name.
    private static func parsed(_ words: [String]) throws -> any ParsableCommand {
        let subcommand = configuration.subcommands.first {
            $0.configuration.commandName == words.first
        }
        if let subcommand, let command = try? subcommand.parseAsRoot(Array(words.dropFirst())),
            type(of: command) == subcommand
        {
            return command
        }
        if subcommand == nil, let word = words.first, !word.hasPrefix("-"), word != "help" {
            throw unknown(word)
        }
        return try parseAsRoot(words)
    }

    /// A first word that is no subcommand.
    private static func unknown(_ word: String) -> Failure {
        let names = configuration.subcommands.compactMap { subcommand in
            let shown = subcommand.configuration
            return shown.shouldDisplay ? shown.commandName : nil
        }
        let nearest = word.nearest(in: names)
        let remedy = nearest.map { "use \($0)" } ?? "bootimage --help lists them"
        return Failure(.usage, "“\(word)” is not a command; \(remedy)")
    }
}
