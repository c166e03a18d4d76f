import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

/// What holds for a command where its options say nothing: environment before file before default.
struct Settings {
    /// Where a value comes from.
    enum Origin: Equatable, CustomStringConvertible {
        case environment(String)
        case file(FilePath, line: Int)
        case byDefault

        var description: String {
            switch self {
            case .environment(let name): name
            case .file(let path, let line): "\(path):\(line)"
            case .byDefault: "default"
            }
        }
    }

    private let values: [SettingKey: (SettingValue, Origin)]

    /// Reads the file, or the one that is found, and the environment.
    static func load(file: FilePath?) throws(Failure) -> Settings {
        let path = file ?? SettingsFile.find()
        return try Settings(
            file: path.map { path throws(Failure) in try SettingsFile(reading: path) },
            environment: { Environment[$0] })
    }

    init(
        file: SettingsFile?, environment: (String) -> String?
    ) throws(Failure) {
        var values: [SettingKey: (SettingValue, Origin)] = [:]
        for key in SettingKey.allCases {
            values[key] =
                try Self.variable(key, environment)
                ?? file?.entries[key].map { [path = file?.path ?? ""] entry in
                    (entry.value, .file(path, line: entry.line))
                }
                ?? key.defaultValue.map { ($0, .byDefault) }
        }
        self.values = values
    }

    /// An empty variable is as good as none.
    private static func variable(
        _ key: SettingKey, _ environment: (String) -> String?
    ) throws(Failure) -> (SettingValue, Origin)? {
        guard let name = key.variable, let text = environment(name), !text.isEmpty else {
            return nil
        }
        guard let value = key.kind.value(ofVariable: text) else {
            throw Failure(.usage, "\(name) is “\(text)”; it must be \(key.kind.allowed)")
        }
        return (value, .environment(name))
    }

    /// The value and where it comes from; nil where there is neither value nor default.
    subscript(key: SettingKey) -> (value: SettingValue, origin: Origin)? {
        values[key].map { ($0.0, $0.1) }
    }

    func path(_ key: SettingKey) -> FilePath? {
        if case .path(let path) = values[key]?.0 { path } else { nil }
    }

    func word(_ key: SettingKey) -> String? {
        if case .word(let word) = values[key]?.0 { word } else { nil }
    }

    func number(_ key: SettingKey) -> Int? {
        if case .number(let number) = values[key]?.0 { number } else { nil }
    }

    func flag(_ key: SettingKey) -> Bool { values[key]?.0 == .flag(true) }

    func words(_ key: SettingKey) -> [String]? {
        if case .words(let words) = values[key]?.0 { words } else { nil }
    }

    var files: [ExtraFile] {
        if case .files(let files) = values[.files]?.0 { files } else { [] }
    }

    var directories: [ExtraFile] {
        if case .files(let folders) = values[.directories]?.0 { folders } else { [] }
    }

    func size(_ key: SettingKey) -> ByteCount? {
        if case .size(let size) = values[key]?.0 { size } else { nil }
    }

    var partitions: [PartitionRequest] {
        if case .partitions(let partitions) = values[.partition]?.0 { partitions } else { [] }
    }
}
