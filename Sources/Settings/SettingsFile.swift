import BootImageKit
import DiskImage
import FoundationEssentials
import GuestKit
import HostSystem
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
    ///
    /// - Throws: If it is in a folder above the current one and `trust` does not accept its owner.
    package static func find(
        from start: FilePath = .currentFolder, trust: SettingsTrust
    ) throws(SettingsError) -> FilePath? {
        var folder = start
        while true {
            let candidate = folder.appending(name)
            if (try? candidate.stat()) != nil {
                if folder != start { try trust.check(candidate) }
                return candidate
            }
            let isPackage = (try? folder.appending("Package.swift").stat()) != nil
            if isPackage || !folder.removeLastComponent() { return nil }
        }
    }

    package init(reading path: FilePath) throws(SettingsError) {
        let bytes: [UInt8]
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            bytes = try file.closeAfter { try file.readAll(atMost: Self.byteLimit) }
        } catch Errno.fileTooLarge {
            throw .notText(path, byteLimit: Self.byteLimit)
        } catch {
            throw .unreadable(path)
        }
        guard let text = String(bytes: bytes, encoding: .utf8) else {
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

    /// The only key of `[raspi]`.
    static let raspiField = "config"

    static let partitionFields = ["name", "type", "size", "file-system", "source"]

    static var partitionTypes: String {
        PartitionType.names.map { "“\($0.name)”" }.joined(separator: ", ") + " or a GUID"
    }

    /// Decodes the `[[partition]]` tables; paths are relative to the file's folder.
    static func partitions(
        _ entry: TOMLEntry, _ path: FilePath
    ) throws(SettingsError) -> [PartitionRequest] {
        func fail(_ line: Int, _ problem: SettingsError.Problem) -> SettingsError {
            .file(path, line: line, problem)
        }
        guard case .array(let values) = entry.value else {
            throw fail(entry.line, .value(key: entry.key, found: entry.value, allowed: .partitions))
        }
        var partitions: [PartitionRequest] = []
        for (number, value) in zip(1..., values) {
            guard case .table(let fields) = value else {
                throw fail(entry.line, .notATable(partition: number, found: value))
            }
            var partition = PartitionRequest(name: "")
            for field in fields {
                if let problem = partition.set(field, in: path.removingLastComponent()) {
                    throw fail(field.line, problem)
                }
            }
            let line = fields.first?.line ?? entry.line
            if partition.name.isEmpty { throw fail(line, .missingName(partition: number)) }
            if partition.size == .zero, partition.source == nil {
                throw fail(line, .missingSize(partition: number))
            }
            partitions.append(partition)
        }
        return partitions
    }
}

extension PartitionRequest {
    /// Sets one field; returns what is wrong with it.
    fileprivate mutating func set(
        _ field: TOMLEntry, in folder: FilePath
    ) -> SettingsError.Problem? {
        func wrong(_ allowed: SettingKey.Kind) -> SettingsError.Problem {
            .value(key: field.key, found: field.value, allowed: allowed)
        }
        guard SettingsFile.partitionFields.contains(field.key) else {
            return .unknownField(field.key)
        }
        guard case .string(let text) = field.value else { return wrong(.word(nil)) }
        switch field.key {
        case "name": name = text
        case "type":
            guard let type = PartitionType(text: text) else { return .partitionType(field.value) }
            self.type = type
        case "size":
            guard let size = ByteCount(sizeText: text) else { return wrong(.size) }
            self.size = size
        case "file-system":
            guard let fileSystem = FileSystem(rawValue: text) else {
                return wrong(.word(FileSystem.allCases.map(\.rawValue)))
            }
            self.fileSystem = fileSystem
        default: source = folder.pushing(FilePath(text))
        }
        return nil
    }
}
