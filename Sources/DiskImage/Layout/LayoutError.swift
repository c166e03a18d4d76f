/// Why an image cannot be laid out as asked.
public enum LayoutError: Error, Equatable {
    /// The loader is not one or more whole sectors.
    case loaderNotInSectors(found: ByteCount)
    /// The loader is longer than its room in memory.
    case loaderTooLong(found: ByteCount, allowed: ByteCount)
    /// The payload header has no room for so many items.
    case tooManyPayloadItems(found: Int, allowed: Int)
    /// The image would be longer than its tables can tell.
    case imageTooLong(found: ByteCount, allowed: ByteCount)
    /// An item alone is longer than any image.
    case payloadItemTooLong(kind: PayloadKind, found: ByteCount, allowed: ByteCount)
    /// A component of a path is not allowed in a FAT volume.
    case badPath(path: String, component: String, fault: PathFault)
    /// Two paths are the same, capitals and small letters aside.
    case duplicatePath(path: String, other: String)
    /// A path goes through another file, or names a folder that other paths go through.
    case fileIsFolder(path: String, component: String)
    /// A file is longer than FAT can tell.
    case fileTooLong(path: String, found: ByteCount, allowed: ByteCount)
    /// A folder needs more directory entries than FAT allows.
    case folderTooLong(folder: String, found: Int, allowed: Int)
    /// The root folder needs more directory entries than a type of FAT has room for.
    case rootFolderTooLong(type: FATType, found: Int, allowed: Int)
    /// Files and folders take more than a type of FAT has room for, with clusters as long as they
    /// may be; `alternatives` are the types that would do.
    case contentTooLong(
        type: FATType, found: ByteCount, allowed: ByteCount, cluster: ByteCount,
        alternatives: [FATType])
    /// A volume would be longer than its type allows; `alternatives` are the types that would do.
    case volumeTooLong(
        type: FATType, found: ByteCount, allowed: ByteCount, alternatives: [FATType])
    /// A partition's name is longer than a GPT holds: 36 UTF-16 units.
    case partitionNameTooLong(name: String, found: Int, allowed: Int)
    /// There are more partitions than a GPT holds.
    case tooManyPartitions(found: Int, allowed: Int)
    /// The folders of a disc do not fit before its first partition.
    case discFoldersTooLong(found: ByteCount, allowed: ByteCount)
    /// The volume label is not allowed.
    case badVolumeLabel(found: String)
}

/// What is wrong with a component of a path.
public enum PathFault: Error, Hashable {
    /// It is empty: two slashes together, or one at either end.
    case emptyComponent
    /// It is `.` or `..`.
    case dotComponent
    /// It holds a control character or one of `" * / : < > ? \ |`.
    case forbiddenCharacter
    /// It ends in a dot or a space.
    case trailingDotOrSpace
    /// It is longer than 255 UTF-16 units.
    case tooLong
}

extension PathFault: CustomStringConvertible {
    /// What is wrong, as the rest of a sentence.
    public var description: String {
        switch self {
        case .emptyComponent: "is empty; use single slashes between names, none at the ends"
        case .dotComponent: "is not a name; write the path without it"
        case .forbiddenCharacter: "holds a control character or one of \" * / : < > ? \\ |"
        case .trailingDotOrSpace: "ends in a dot or a space"
        case .tooLong: "is longer than 255 UTF-16 units"
        }
    }
}

extension LayoutError: CustomStringConvertible {
    /// One line: what cannot be laid out, what was found and what is allowed.
    public var description: String {
        switch self {
        case .loaderNotInSectors(let found):
            "the loader has \(found); it must be one or more whole sectors of 512 bytes"
        case .loaderTooLong(let found, let allowed):
            "the loader has \(found); at most \(allowed) are possible"
        case .tooManyPayloadItems(let found, let allowed):
            "\(found) payload items; the payload header holds at most \(allowed)"
        case .imageTooLong(let found, let allowed):
            "the image would have \(found); at most \(allowed) are possible (2 TiB); "
                + "make what goes in smaller"
        case .payloadItemTooLong(let kind, let found, let allowed):
            "the \(kind) has \(found); an image holds at most \(allowed); make it smaller"
        case .badPath(let path, let component, let fault):
            "file \(quoted(path)): the component \(quoted(component)) \(fault)"
        case .duplicatePath(let path, let other):
            "file \(quoted(path)) is there twice, also as \(quoted(other)): FAT ignores case; "
                + "rename one"
        case .fileIsFolder(let path, let component):
            "file \(quoted(path)): \(quoted(component)) cannot be both a file and a folder; "
                + "rename one"
        case .fileTooLong(let path, let found, let allowed):
            "file \(quoted(path)) has \(found); FAT allows at most \(allowed); "
                + "make it smaller, or several files of it"
        case .folderTooLong(let folder, let found, let allowed):
            "folder \(quoted(folder)) needs \(found) directory entries; FAT allows \(allowed)"
        case .rootFolderTooLong(let type, let found, let allowed):
            "the root folder needs \(found) directory entries; \(type.name) allows \(allowed) "
                + "there; put files into folders, or take FAT32"
        case .contentTooLong(let type, let found, let allowed, let cluster, let alternatives):
            "files and folders take \(found) in clusters of \(cluster); \(type.name) holds at most "
                + "\(allowed); make them smaller"
                + (alternatives.isEmpty ? "" : ", or take ")
                + alternatives.map(\.name).joined(separator: " or ")
        case .volumeTooLong(let type, let found, let allowed, let alternatives):
            "the volume is to have \(found); \(type.name) allows at most \(allowed); take less"
                + alternatives.map { " or \($0.name)" }.joined()
        case .partitionNameTooLong(let name, let found, let allowed):
            "partition \(quoted(name)): its name has \(found) UTF-16 units; a GPT allows "
                + "\(allowed); shorten it"
        case .tooManyPartitions(let found, let allowed):
            "\(found) partitions; a GPT holds at most \(allowed)"
        case .discFoldersTooLong(let found, let allowed):
            "the folders of a disc take \(found); at most \(allowed) are possible; take fewer "
                + "files, or shorter names"
        case .badVolumeLabel(let found):
            "volume label \(quoted(found)): 1 to 11 capitals, digits or punctuation are allowed"
        }
    }

    /// The text in quotes, control characters escaped so that it stays on its line.
    private func quoted(_ text: String) -> String { text.debugDescription }
}
