import BootImageKit
import DiskImage
import FoundationEssentials
import GuestKit
package import SystemPackage

/// `bootimage.toml`: the settings of a package, beside its `Package.swift`.
package struct SettingsFile: Sendable {
    /// A value and its line.
    package struct Entry: Equatable, Sendable {
        package let value: SettingValue
        package let line: Int
    }

    package static let name = "bootimage.toml"
    /// The maximum size of a file.
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

    /// Reads the file.
    package init(reading path: FilePath) throws(SettingsError) {
        guard let bytes = FileManager.default.contents(atPath: path.string) else {
            throw .unreadable(path)
        }
        guard bytes.count <= Self.byteLimit, let text = String(bytes: bytes, encoding: .utf8) else {
            throw .notText(path, byteLimit: Self.byteLimit)
        }
        try self.init(text, path: path)
    }

    /// Decodes the file's text.
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
            if key == .partition {
                let partitions = try Self.partitions(entry, path)
                entries[key] = Entry(value: .partitions(partitions), line: entry.line)
                continue
            }
            guard let value = Self.value(of: key, entry.value, path) else {
                throw .file(
                    path, line: entry.line,
                    .value(key: entry.key, found: entry.value, allowed: key.kind))
            }
            entries[key] = Entry(value: value, line: entry.line)
        }
        self.entries = entries
    }

    /// Converts a value; nil if the key does not allow it.
    ///
    /// Paths are relative to the file's folder.
    private static func value(
        of key: SettingKey, _ found: TOMLValue, _ path: FilePath
    ) -> SettingValue? {
        let folder = path.removingLastComponent()
        switch (key.kind, found) {
        case (.path, .string(let text)): return .path(folder.pushing(FilePath(text)))
        case (.flag, .boolean(let flag)): return .flag(flag)
        case (.number(let numbers), .integer(let number)):
            return numbers.contains(number) ? .number(number) : nil
        case (.range(let range), .integer(let number)):
            return range.contains(number) ? .number(number) : nil
        case (.word(let words), .string(let word)):
            return words?.contains(word) ?? true ? .word(word) : nil
        case (.size, .string(let text)):
            return ByteCount(sizeText: text).map { .size($0) }
        case (.memory, .string(let text)):
            return MemorySize(argument: text).map { .word($0.text) }
        case (.words, .array(let values)):
            let words = values.compactMap { if case .string(let word) = $0 { word } else { nil } }
            return words.count == values.count ? .words(words) : nil
        case (.choices(let choices), .array(let values)):
            let words = values.compactMap { if case .string(let word) = $0 { word } else { nil } }
            let isRight = words.count == values.count && words.allSatisfy(choices.contains)
            return isRight ? .words(words) : nil
        case (.files, .table(let entries)):
            let files = entries.compactMap { entry -> ExtraFile? in
                guard case .string(let source) = entry.value else { return nil }
                return ExtraFile(
                    destination: entry.key, source: folder.pushing(FilePath(source)))
            }
            return files.count == entries.count ? .files(files) : nil
        default: return nil
        }
    }
}
