/// Why an image cannot be laid out.
public enum LayoutError: Error, Equatable, CustomStringConvertible {
    /// The loader does not consist of one or more whole sectors.
    case loaderNotInSectors(found: ByteCount)
    /// The loader is longer than its space in memory.
    case loaderTooLong(found: ByteCount, allowed: ByteCount)
    /// The payload header has no space for so many items.
    case tooManyPayloadItems(found: Int, allowed: Int)
    /// The image would be longer than its tables can express.
    case imageTooLong(found: ByteCount, allowed: ByteCount)
    /// A card would be longer than an MBR entry can express.
    case cardTooLong(found: ByteCount, allowed: ByteCount)
    /// A single item is longer than any image.
    case payloadItemTooLong(kind: PayloadKind, found: ByteCount, allowed: ByteCount)
    /// A FAT volume does not allow a component of a path.
    case badPath(path: String, component: String, fault: PathFault)
    /// Two paths are the same except for case.
    case duplicatePath(path: String, other: String)
    /// A component of a path differs from another name only for some systems.
    case confusable(path: String, component: String, other: String)
    /// A path goes through another file, or names a folder of other paths.
    case fileIsFolder(path: String, component: String)
    /// A file is longer than FAT can express.
    case fileTooLong(path: String, found: ByteCount, allowed: ByteCount)
    /// A folder needs more directory entries than FAT allows.
    case folderTooLong(folder: String, found: Int, allowed: Int)
    /// The root folder needs more directory entries than this type of FAT allows.
    case rootFolderTooLong(type: FATType, found: Int, allowed: Int)
    /// Files and folders need more space than this type of FAT has, even with the longest
    /// clusters; `alternatives` are the types with enough.
    case contentTooLong(
        type: FATType, found: ByteCount, allowed: ByteCount, cluster: ByteCount,
        alternatives: [FATType])
    /// A volume would be longer than its type allows; `alternatives` are the types that allow it.
    case volumeTooLong(
        type: FATType, found: ByteCount, allowed: ByteCount, alternatives: [FATType])
    /// A partition's name is longer than a GPT allows: 36 UTF-16 units.
    case partitionNameTooLong(name: String, found: Int, allowed: Int)
    /// There are more partitions than a GPT allows.
    case tooManyPartitions(found: Int, allowed: Int)
    /// The folders of a disc do not fit before its first partition.
    case discFoldersTooLong(found: ByteCount, allowed: ByteCount)
    /// FAT does not allow the volume label.
    case badVolumeLabel(found: String)

    /// One line: what cannot be laid out, what was found, what is allowed, and the remedy.
    public var description: String {
        switch self {
        case .loaderNotInSectors(let found):
            "the loader has \(found); it must have one or more whole sectors of 512 bytes"
        case .loaderTooLong(let found, let allowed):
            "the loader has \(found); the limit is \(allowed)"
        case .tooManyPayloadItems(let found, let allowed):
            "\(found) payload items; the limit is \(allowed)"
        case .imageTooLong(let found, let allowed):
            "the image would have \(found); the limit is \(allowed) (2 TiB); reduce its content"
        case .cardTooLong(let found, let allowed):
            "the card would need \(found); the limit is \(allowed) (1 TiB); reduce its content"
        case .payloadItemTooLong(let kind, let found, let allowed):
            "the \(kind) has \(found); the limit is \(allowed); make it smaller"
        case .badPath(let path, let component, let fault):
            "file \(quoted(path)): the component \(quoted(component)) \(fault)"
        case .duplicatePath(let path, let other):
            "file \(quoted(path)) has the same path as \(quoted(other)): FAT ignores case; "
                + "rename one"
        case .confusable(let path, let component, let other):
            "file \(quoted(path)): some systems take \(quoted(component)) and \(quoted(other)) for "
                + "the same name; rename one"
        case .fileIsFolder(let path, let component):
            "file \(quoted(path)): \(quoted(component)) cannot be both a file and a folder; "
                + "rename one"
        case .fileTooLong(let path, let found, let allowed):
            "file \(quoted(path)) has \(found); the limit of FAT is \(allowed); split the file or "
                + "make it smaller"
        case .folderTooLong(let folder, let found, let allowed):
            "folder \(quoted(folder)) needs \(found) directory entries; the limit of FAT is "
                + "\(allowed); use subfolders"
        case .rootFolderTooLong(let type, let found, let allowed):
            "the root folder needs \(found) directory entries; the limit of \(type.name) is "
                + "\(allowed); use subfolders or FAT32"
        case .contentTooLong(let type, let found, let allowed, let cluster, let alternatives):
            "files and folders need \(found) in clusters of \(cluster); the limit of "
                + "\(type.name) is \(allowed); make them smaller\(orUse(alternatives))"
        case .volumeTooLong(let type, let found, let allowed, let alternatives):
            "the volume would have \(found); the limit of \(type.name) is \(allowed); make it "
                + "smaller\(orUse(alternatives))"
        case .partitionNameTooLong(let name, let found, let allowed):
            "partition \(quoted(name)): its name has \(found) UTF-16 units; the limit is "
                + "\(allowed); shorten it"
        case .tooManyPartitions(let found, let allowed):
            "\(found) partitions; the limit of a GPT is \(allowed)"
        case .discFoldersTooLong(let found, let allowed):
            "the folders of a disc need \(found); the limit is \(allowed); use fewer files or "
                + "shorter names"
        case .badVolumeLabel(let found):
            "volume label \(quoted(found)) is not 1 to 11 capitals, digits or punctuation"
        }
    }

    private func orUse(_ alternatives: [FATType]) -> String {
        alternatives.isEmpty
            ? "" : " or use " + alternatives.map(\.name).joined(separator: " or ")
    }
}
