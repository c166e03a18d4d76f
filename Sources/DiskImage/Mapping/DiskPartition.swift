/// A partition as its table describes it, valid or not.
public struct DiskPartition: Equatable, Sendable {
    /// Its place in the table, from 1.
    public let number: Int
    /// The type in the table: a GUID, or a byte such as `0xDA`.
    public let type: String
    /// The name of the type, such as "EFI system"; `nil` if unknown.
    public let typeName: String?
    /// The name in a GPT; empty in an MBR.
    public let name: String
    /// Its own identifier in a GPT.
    public let guid: GUID?
    /// The attribute bits in a GPT (UEFI 2.10 §5.3.3, table 5.8).
    public let attributes: UInt64
    /// Whether an MBR marks it for a BIOS to start.
    public let isActive: Bool
    /// Its first sector.
    public let first: LBA
    /// Its last sector, inclusive; before the first one in a damaged table.
    public let last: LBA
    /// Whether all of its sectors are on the disk.
    public let isOnDisk: Bool
    /// The file system, such as "FAT32" or "ext4", by its first sectors; `nil` if unknown.
    public internal(set) var fileSystem: String?

    /// The number of sectors; 0 if it ends before it starts.
    public var sectorCount: SectorCount {
        guard first <= last else { return .zero }
        return SectorCount((last.value - first.value).addingSaturating(1))
    }

    /// An entry of a GPT in use.
    init(_ entry: Region, number: Int, disk: SectorCount) {
        self.number = number
        let type = entry.guid(at: 0)
        (self.type, typeName) = ("\(type)", GPTPartitionEntry.typeNames["\(type)"])
        let units = stride(from: 56, to: 128, by: 2).map { entry.number(at: $0, UInt16.self) }
        name = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
        guid = entry.guid(at: 16)
        attributes = entry.number(at: 48)
        isActive = false
        (first, last) = (LBA(entry.number(at: 32)), LBA(entry.number(at: 40)))
        isOnDisk = first <= last && last.value < disk.value
    }

    /// An entry of an MBR in use.
    init(_ entry: BootSector.Entry, disk: SectorCount) {
        number = entry.number
        (type, typeName) = (entry.typeText, entry.typeName)
        (name, guid, attributes) = ("", nil, 0)
        isActive = entry.isActive
        // Without sectors it ends before it starts, unless it starts at 0.
        (first, last) = (LBA(entry.start), LBA(max(entry.end, 1) - 1))
        isOnDisk = entry.sectorCount > 0 && entry.end <= disk.value
    }

    /// Its place in bytes from the disk's start, clamped to the largest number.
    func bytes(_ sectorSize: SectorSize) -> Range<UInt64> {
        let unit = sectorSize.byteCount.value
        let start = first.value.multipliedSaturating(by: unit)
        return
            start..<max(start, last.value.addingSaturating(1).multipliedSaturating(by: unit))
    }

    /// Its name for people: "partition 2, Linux swap".
    var title: String {
        let type = typeName ?? (guid == nil ? "type \(type)" : "type \(type), “\(name)”")
        return "partition \(number), \(type)" + (fileSystem.map { ", \($0)" } ?? "")
    }
}
