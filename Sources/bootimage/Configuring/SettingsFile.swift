import FoundationEssentials
import SystemPackage
import TOMLKit

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
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw Failure(.badInput, "\(path):\(error.source.begin.line): \(error.description)")
        } catch {
            throw Failure(.badInput, "\(path): \(error)")
        }
        let lines = TOMLLines(text)
        var entries: [SettingKey: Entry] = [:]
        for name in table.keys {
            let line = lines.line(of: name)
            guard let key = SettingKey(rawValue: name) else {
                let hint = SettingKey.nearest(to: name).map { "; did you mean “\($0.rawValue)”?" }
                throw Failure(
                    .badInput,
                    "\(path):\(line): there is no key “\(name)”"
                        + (hint ?? "; `bootimage config` lists all"))
            }
            guard let found = table[name], let value = Self.value(of: key, found, path) else {
                let type = table[name]?.type.description ?? "nothing"
                throw Failure(
                    .badInput,
                    "\(path):\(line): “\(name)” is \(type) \(table[name]?.debugDescription ?? ""); "
                        + "it must be \(key.kind.allowed)")
            }
            entries[key] = Entry(value: value, line: line)
        }
        self.entries = entries
    }

    /// The value, if it is one that the key may have; paths count from the file's folder on.
    private static func value(
        of key: SettingKey, _ found: any TOMLValueConvertible, _ path: FilePath
    ) -> SettingValue? {
        let folder = path.removingLastComponent()
        switch key.kind {
        case .path: return found.string.map { .path(folder.pushing(FilePath($0))) }
        case .flag: return found.bool.map { .flag($0) }
        case .number(let numbers):
            return found.type == .int
                ? found.int.flatMap { numbers.contains($0) ? .number($0) : nil } : nil
        case .range(let range):
            return found.type == .int
                ? found.int.flatMap { range.contains($0) ? .number($0) : nil } : nil
        case .word(let words):
            return found.string.flatMap { words?.contains($0) ?? true ? .word($0) : nil }
        case .words:
            guard let array = found.array else { return nil }
            let words = array.compactMap(\.string)
            return words.count == array.count ? .words(words) : nil
        case .files:
            guard let table = found.table else { return nil }
            let files = table.keys.sorted().compactMap { destination in
                table[destination]?.string.map {
                    ExtraFile(
                        destination: destination, source: folder.pushing(FilePath($0)))
                }
            }
            return files.count == table.keys.count ? .files(files) : nil
        }
    }
}

/// Finds the line of a top-level key: the library tells lines of what it cannot parse alone.
private struct TOMLLines {
    private let lines: [Substring]

    init(_ text: String) {
        lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    /// The first line that begins with the key, as a value's or as a table's; 1 if none does.
    func line(of key: String) -> Int {
        let index = lines.firstIndex { line in
            var rest = line.drop { $0 == " " || $0 == "\t" || $0 == "[" }
            if rest.first == "\"" || rest.first == "'" { rest = rest.dropFirst() }
            guard rest.hasPrefix(key) else { return false }
            let next = rest.dropFirst(key.count).first
            return next.map { " \t=.]\"'".contains($0) } ?? false
        }
        return (index ?? 0) + 1
    }
}
