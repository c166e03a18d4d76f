/// Sectors of a disk that hold one thing, or nothing.
public struct DiskRegion: Equatable, Sendable {
    /// The kinds of regions.
    public enum Kind: String, CaseIterable, Sendable {
        /// The first sector: boot code, disk signature, partition entries.
        case bootSector = "boot-sector"
        /// The headers and entries of a GPT.
        case partitionTable = "partition-table"
        /// A partition.
        case partition
        /// Code that firmware starts: a BIOS loader's other parts, an EFI loader.
        case loader
        /// A structure of a file system.
        case fileSystem = "file-system"
        /// A folder's entries.
        case folder
        /// A file, or a part of one.
        case file
        /// The header of a BIOS image's payload.
        case payloadHeader = "payload-header"
        /// A kernel.
        case kernel
        /// A RAM disk.
        case ramdisk
        /// A boot configuration.
        case bootConfiguration = "boot-configuration"
        /// A file for the kernel, or the list of these files.
        case module
        /// Bytes that no structure describes.
        case data
        /// Clusters in use without an owner, or unreadable ones.
        case lost
        /// Free space in a partition.
        case free
        /// Sectors outside of everything.
        case unallocated

        /// Whether it holds nothing.
        public var isEmpty: Bool { self == .free || self == .unallocated }

        init(_ kind: PayloadKind) {
            switch kind {
            case .kernel: self = .kernel
            case .ramdisk: self = .ramdisk
            case .bootConfiguration: self = .bootConfiguration
            default: self = kind.isKnown ? .module : .data
            }
        }

        /// The kind of a file, by the path at which firmware or a boot loader looks for it.
        init(ofFile path: String, _ loaderFiles: [LoaderFile]) {
            if let file = loaderFiles.first(where: { $0.isAt(path) }) {
                self.init(file.kind)
            } else {
                self = EFILoaderNames.contain(path: path) ? .loader : .file
            }
        }
    }

    /// Its name: "GPT header", "partition 1, EFI system", a file's path.
    public let name: String
    /// Its kind.
    public let kind: Kind
    /// Its sectors, at least one.
    public let sectors: SectorRange
    /// The number of bytes in use: a file may end before its last sector does.
    public let byteCount: UInt64
    /// Whether it overlaps the next region, which then cuts it short.
    public let isCut: Bool
    /// The regions inside, from its first to its last sector; empty if they are unknown.
    public let parts: [DiskRegion]
}
