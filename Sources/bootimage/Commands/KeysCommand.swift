import ArgumentParser
import BootImageKit
import HostSystem
import SystemPackage

/// `bootimage keys`: keys for Secure Boot.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make keys for Secure Boot.",
        subcommands: [KeysNewCommand.self])
}

/// `bootimage keys new`: makes a machine's keys.
struct KeysNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make keys for machines that boot only what you signed.",
        discussion: """
            Makes PK, KEK and db: for each a private key, a certificate, and the files that a \
            machine's setup or `run --secure-boot` enrols. `build --sign-key DIR/db.key \
            --sign-cert DIR/db.pem` signs with them. Keep the .key files secret.
            """)

    @Option(
        help: ArgumentHelp(
            "Create <directory> for the keys (default secure-boot-keys).",
            valueName: "directory"),
        completion: .directory, transform: FilePath.init(text:))
    var directory: FilePath?

    func run() throws {
        let folder = directory.map(KeyFolder.init(path:)) ?? .standard
        for file in try KeyMaker.make(folder) { try Console.print("\(file)") }
    }
}
