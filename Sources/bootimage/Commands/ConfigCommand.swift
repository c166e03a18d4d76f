import ArgumentParser
import BootImageKit
import ELFKit
import HostSystem
import SystemPackage

/// `bootimage config`: prints what holds where no option says anything.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print the settings, and where each comes from.",
        discussion: """
            The environment comes before bootimage.toml, and that before the defaults. What is \
            printed can be put into a bootimage.toml.
            """)

    @Option(
        help: "Read this file instead of the bootimage.toml nearest.", completion: .file(),
        transform: FilePath.init(_:))
    var config: FilePath?

    /// Longer settings do not move the others' remarks away.
    private static let widest = 60

    func run() throws {
        let settings = try Settings.load(file: config)
        let rows = SettingKey.allCases.map { key in
            settings[key].map {
                ("\(key.rawValue) = \(Console.oneLine($0.value.toml))", "\($0.origin)")
            } ?? ("# \(key.rawValue) =", "not set: \(key.kind.allowed)")
        }
        let width = rows.map(\.0.count).filter { $0 <= Self.widest }.max() ?? 0
        let lines = rows.map { setting, origin in
            setting + String(repeating: " ", count: max(width - setting.count, 0)) + "  # "
                + Console.oneLine(origin)
        }
        try Console.print(lines.joined(separator: "\n"))
    }
}
