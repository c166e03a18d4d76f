import ArgumentParser
import BootImageKit
import HostSystem
import SystemPackage

/// `bootimage keys`: keys for Secure Boot.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Keys for Secure Boot.", subcommands: [KeysNewCommand.self])
}

/// `bootimage keys new`: makes a machine's keys.
struct KeysNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make keys for machines that start only what you have signed.",
        discussion: """
            Makes PK, KEK and db: for each a private key and a certificate, and what a machine's \
            setup or `run --secure-boot` enrols. `build --sign-key DIR/db.key --sign-cert \
            DIR/db.pem` signs with them. Keep the .key files to yourself.
            """)

    @Option(
        help: "The folder to make; the default is secure-boot-keys.",
        completion: .directory, transform: FilePath.init(_:))
    var directory: FilePath?

    func run() throws {
        let folder = directory.map(KeyFolder.init(path:)) ?? .standard
        for file in try KeyMaker.make(folder) { try Console.print("\(file)") }
    }
}
