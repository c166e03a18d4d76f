import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

extension SettingsFile {
    /// The partitions under `[[partition]]`; paths count from the file's folder on.
    static func partitions(
        _ entry: TOMLEntry, _ path: FilePath
    ) throws(Failure) -> [PartitionRequest] {
        guard case .array(let values) = entry.value else {
            throw Failure(
                .badInput,
                "\(path):\(entry.line): “partition” is \(entry.value.description); it must be "
                    + SettingKey.Kind.partitions.allowed)
        }
        var partitions: [PartitionRequest] = []
        for (index, value) in values.enumerated() {
            guard case .table(let fields) = value else {
                throw Failure(
                    .badInput,
                    "\(path):\(entry.line): partition \(index + 1) is \(value.description); it "
                        + "must be a table")
            }
            let line = fields.first?.line ?? entry.line
            var partition = PartitionRequest(name: "")
            for field in fields { try partition.take(field, path) }
            if let problem = partition.problem {
                throw Failure(
                    .badInput, "\(path):\(line): partition \(index + 1) \(problem)")
            }
            partitions.append(partition)
        }
        return partitions
    }
}

extension PartitionRequest {
    private static let fields = ["name", "type", "size", "file-system", "source"]

    /// Takes one of a table's pairs.
    fileprivate mutating func take(_ field: TOMLEntry, _ path: FilePath) throws(Failure) {
        func refuse(_ allowed: String) -> Failure {
            Failure(
                .badInput,
                "\(path):\(field.line): “\(field.key)” is \(field.value.description); it must be "
                    + allowed)
        }
        guard Self.fields.contains(field.key) else {
            throw Failure(
                .badInput,
                "\(path):\(field.line): a partition has no “\(field.key)”; it has "
                    + Self.fields.joined(separator: ", "))
        }
        guard case .string(let text) = field.value else { throw refuse("a text in quotes") }
        switch field.key {
        case "name": name = text
        case "type":
            guard let type = PartitionType(text: text) else {
                let names = PartitionType.names.map { "“\($0.name)”" }.joined(separator: ", ")
                throw refuse("\(names) or a GUID")
            }
            self.type = type
        case "size":
            guard let size = ByteCount(sizeText: text) else {
                throw refuse(SettingKey.Kind.size.allowed)
            }
            self.size = size
        case "file-system":
            guard let fileSystem = FileSystem(rawValue: text) else {
                throw refuse(
                    FileSystem.allCases.map { "“\($0.rawValue)”" }.joined(separator: " or "))
            }
            self.fileSystem = fileSystem
        default: source = path.removingLastComponent().pushing(FilePath(text))
        }
    }

    /// What it lacks, as the rest of a sentence.
    fileprivate var problem: String? {
        if name.isEmpty { return "has no name; give it one" }
        if size == .zero, source == nil {
            return "has neither size nor source; say how large it is, such as size = \"64MiB\""
        }
        return nil
    }
}
