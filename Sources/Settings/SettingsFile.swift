import BootImageKit
import DiskImage
import FoundationEssentials
import GuestKit
package import SystemPackage

/// `bootimage.toml`: the settings of a package, beside its `Package.swift`.
package struct SettingsFile: Sendable {
    package struct Entry: Equatable, Sendable {
        package let value: SettingValue
        package let line: Int
    }

    package static let name = "bootimage.toml"
    private static let byteLimit = 1 << 20

    package let path: FilePath
    package let entries: [SettingKey: Entry]

    /// Finds the nearest file from the current folder upwards, no further than the package's root.
    package static func find() -> FilePath? {
        var folder = FilePath(FileManager.default.currentDirectoryPath)
        while true {
            let candidate = folder.appending(name)
            if FileManager.default.fileExists(atPath: candidate.string) { return candidate }
            let isPackage = FileManager.default.fileExists(
                atPath: folder.appending("Package.swift").string)
            if isPackage || !folder.removeLastComponent() { return nil }
        }
    }

    package init(reading path: FilePath) throws(SettingsError) {
        guard let bytes = FileManager.default.contents(atPath: path.string) else {
            throw .unreadable(path)
        }
        guard bytes.count <= Self.byteLimit, let text = String(bytes: bytes, encoding: .utf8) else {
            throw .notText(path, byteLimit: Self.byteLimit)
        }
        try self.init(text, path: path)
    }

    package init(_ text: String, path: FilePath) throws(SettingsError) {
        self.path = path
        let table: [TOMLEntry]
        do throws(TOMLError) {
            table = try TOMLReader.read(text)
        } catch {
            throw .file(path, line: error.line, .syntax(error.problem))
        }
        var entries: [SettingKey: Entry] = [:]
        for entry in table {
            guard let key = SettingKey(rawValue: entry.key) else {
                throw .file(
                    path, line: entry.line,
                    .unknownKey(entry.key, nearest: SettingKey.nearest(to: entry.key)))
            }
            let value =
                key == .partition
                ? .partitions(try Self.partitions(entry, path))
                : key.kind.value(entry.value, in: path.removingLastComponent())
            guard let value else {
                throw .file(
                    path, line: entry.line,
                    .value(key: entry.key, found: entry.value, allowed: key.kind))
            }
            entries[key] = Entry(value: value, line: entry.line)
        }
        self.entries = entries
    }
}
