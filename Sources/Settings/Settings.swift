import BootImageKit
import DiskImage
import HostSystem
package import SystemPackage

/// The values that options default to: from the environment, else the file, else built in.
package struct Settings: Sendable {
    package enum Origin: Equatable, Sendable, CustomStringConvertible {
        case environment(String)
        case file(FilePath, line: Int)
        case byDefault

        package var description: String {
            switch self {
            case .environment(let name): name
            case .file(let path, let line): "\(path):\(line)"
            case .byDefault: "default"
            }
        }
    }

    /// The folder of `bootimage.toml`, from which its paths start; nil without the file.
    package let folder: FilePath?
    private let values: [SettingKey: (value: SettingValue, origin: Origin)]

    /// Reads the environment and the file, or else the nearest `bootimage.toml`.
    package static func load(file: FilePath?) throws(SettingsError) -> Settings {
        let path = if let file { file } else { try SettingsFile.find(trust: .current) }
        return try Settings(
            file: path.map { path throws(SettingsError) in try SettingsFile(reading: path) },
            environment: { Environment[$0] })
    }

    /// Merges the file's settings with the variables that `environment` returns.
    package init(file: SettingsFile?, environment: (String) -> String?) throws(SettingsError) {
        var values: [SettingKey: (value: SettingValue, origin: Origin)] = [:]
        for key in SettingKey.allCases {
            values[key] =
                try Self.variable(key, environment)
                ?? file?.entries[key].map { [path = file?.path ?? ""] entry in
                    (entry.value, .file(path, line: entry.line))
                }
                ?? key.defaultValue.map { ($0, .byDefault) }
        }
        self.values = values
        let folder = file?.path.removingLastComponent()
        self.folder = folder?.isEmpty == true ? "." : folder
    }

    /// The value of the key's variable; an empty variable counts as unset.
    private static func variable(
        _ key: SettingKey, _ environment: (String) -> String?
    ) throws(SettingsError) -> (SettingValue, Origin)? {
        guard let name = key.variable, let text = environment(name), !text.isEmpty else {
            return nil
        }
        guard let value = key.kind.value(ofVariable: text) else {
            throw .variable(name, found: text, allowed: key.kind)
        }
        return (value, .environment(name))
    }

    /// The value and its origin; nil if the setting is unset and has no default.
    package subscript(key: SettingKey) -> (value: SettingValue, origin: Origin)? { values[key] }

    package func path(_ key: SettingKey) -> FilePath? {
        if case .path(let path) = values[key]?.value { path } else { nil }
    }

    package func word(_ key: SettingKey) -> String? {
        if case .word(let word) = values[key]?.value { word } else { nil }
    }

    package func number(_ key: SettingKey) -> Int? {
        if case .number(let number) = values[key]?.value { number } else { nil }
    }

    package func flag(_ key: SettingKey) -> Bool { values[key]?.value == .flag(true) }

    package func words(_ key: SettingKey) -> [String]? {
        if case .words(let words) = values[key]?.value { words } else { nil }
    }

    func files(_ key: SettingKey) -> [ExtraFile] {
        if case .files(let files) = values[key]?.value { files } else { [] }
    }

    var modules: [KernelContent.Module] {
        if case .modules(let modules) = values[.modules]?.value { modules } else { [] }
    }

    func size(_ key: SettingKey) -> ByteCount? {
        if case .size(let size) = values[key]?.value { size } else { nil }
    }

    var boardConfiguration: [String] {
        if case .raspi(let lines) = values[.raspi]?.value { lines } else { [] }
    }

    var partitions: [PartitionRequest] {
        if case .partitions(let partitions) = values[.partition]?.value { partitions } else { [] }
    }
}
