/// Sectors of a disk that hold one thing, or nothing.
public struct DiskRegion: Equatable, Sendable {
    /// What a region is to those who look at a disk.
    public enum Kind: String, CaseIterable, Sendable {
        /// The first sector: boot code, disk signature, partition entries.
        case bootSector = "boot-sector"
        /// The headers and entries of a GPT.
        case partitionTable = "partition-table"
        /// A partition.
        case partition
        /// What firmware starts: a BIOS loader's other parts, an EFI loader.
        case loader
        /// A file system's own structures.
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
        /// Bytes that no structure tells of.
        case data
        /// Clusters that are in use by nothing, or that the medium has lost.
        case lost
        /// Room in a partition.
        case free
        /// Sectors outside of everything.
        case unallocated

        /// Whether there is nothing to be seen.
        public var isEmpty: Bool { self == .free || self == .unallocated }
    }

    /// What it is: "GPT header", "partition 1, EFI system", a file's path.
    public let name: String
    /// What it is to those who look.
    public let kind: Kind
    /// Where it lies; at least one sector.
    public let sectors: SectorRange
    /// How many bytes of its sectors count: a file may end before its last sector does.
    public let byteCount: UInt64
    /// Whether another region begins before its own end, and is shown from there on.
    public let isCut: Bool
    /// What lies in it, from its first to its last sector; empty if nothing is known of that.
    public let parts: [DiskRegion]
}
