import ArgumentParser
import BootImageKit
import HostSystem
import Settings
import SystemPackage

/// `bootimage config`: prints the effective settings.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print the effective settings and where each comes from.",
        discussion: """
            Environment variables override bootimage.toml, and the file overrides the defaults. \
            The output is valid TOML.
            """)

    @Option(
        help: ArgumentHelp(
            "Read settings from <file> instead of the nearest bootimage.toml.", valueName: "file"),
        completion: .file(), transform: FilePath.init(text:))
    var config: FilePath?

    /// Longer settings do not widen the column.
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
