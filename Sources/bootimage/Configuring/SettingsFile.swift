import BootImageKit
import DiskImage
import FoundationEssentials
import GuestKit
import HostSystem
import SystemPackage

/// `bootimage.toml`: the settings of a package, beside its `Package.swift`.
struct SettingsFile {
    /// A value, and the line that says it.
    struct Entry: Equatable {
        let value: SettingValue
        let line: Int
    }

    static let name = "bootimage.toml"
    /// Nobody writes more by hand.
    private static let byteLimit = 1 << 20

    let path: FilePath
    let entries: [SettingKey: Entry]

    /// The file beside the nearest `Package.swift`, from the current folder upwards; without one,
    /// the nearest file of that name.
    static func find() -> FilePath? {
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
    init(reading path: FilePath) throws(Failure) {
        guard let bytes = FileManager.default.contents(atPath: path.string) else {
            throw Failure(.missingInput, "\(path): cannot be read; check the path")
        }
        guard bytes.count <= Self.byteLimit, let text = String(bytes: bytes, encoding: .utf8) else {
            throw Failure(
                .badInput, "\(path): is no UTF-8 text of at most \(Self.byteLimit) bytes")
        }
        try self.init(text, path: path)
    }

    /// Takes the settings from the file's text.
    init(_ text: String, path: FilePath) throws(Failure) {
        self.path = path
        let table: [TOMLEntry]
        do throws(TOMLError) {
            table = try TOMLReader.read(text)
        } catch {
            throw Failure(.badInput, "\(path):\(error.line): \(error.cause)")
        }
        var entries: [SettingKey: Entry] = [:]
        for entry in table {
            guard let key = SettingKey(rawValue: entry.key) else {
                let hint = SettingKey.nearest(to: entry.key)
                    .map { "did you mean “\($0.rawValue)”?" }
                throw Failure(
                    .badInput,
                    "\(path):\(entry.line): there is no key “\(entry.key)”; "
                        + (hint ?? "`bootimage config` lists all"))
            }
            if key == .partition {
                let partitions = try Self.partitions(entry, path)
                entries[key] = Entry(value: .partitions(partitions), line: entry.line)
                continue
            }
            guard let value = Self.value(of: key, entry.value, path) else {
                throw Failure(
                    .badInput,
                    "\(path):\(entry.line): “\(entry.key)” is \(entry.value.description); it must "
                        + "be \(key.kind.allowed)")
            }
            entries[key] = Entry(value: value, line: entry.line)
        }
        self.entries = entries
    }

    /// The value, if it is one that the key may have; paths count from the file's folder on.
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
