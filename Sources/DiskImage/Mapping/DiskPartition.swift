/// A partition as its table describes it, right or wrong.
public struct DiskPartition: Equatable, Sendable {
    /// Its place in the table, from 1 on.
    public let number: Int
    /// The type in the table: a GUID, or a byte such as `0xDA`.
    public let type: String
    /// What that type is for, such as "EFI system"; `nil` if it is not known here.
    public let typeName: String?
    /// The name in a GPT; empty without one.
    public let name: String
    /// Its own identifier in a GPT.
    public let guid: GUID?
    /// The attribute bits in a GPT (UEFI 2.10 §5.3.3, table 5.8).
    public let attributes: UInt64
    /// Whether an MBR marks it for a BIOS to start.
    public let isActive: Bool
    /// Its first sector.
    public let first: LBA
    /// Its last sector, itself included; before the first one in a damaged table.
    public let last: LBA
    /// Whether all of its sectors are there.
    public let isOnDisk: Bool
    /// What its first sectors show it to hold, such as "FAT32" or "ext4"; `nil` if nothing known.
    public internal(set) var fileSystem: String?

    /// How many sectors it has; 0 if it ends before it starts.
    public var sectorCount: SectorCount {
        guard first <= last else { return .zero }
        return SectorCount((last.value - first.value).addingSaturating(1))
    }
}

extension DiskPartition {
    /// An entry in use of a GPT.
    init(_ entry: Region, number: Int, disk: SectorCount) {
        self.number = number
        let type = entry.guid(at: 0)
        (self.type, typeName) = ("\(type)", PartitionTypes.gpt["\(type)"])
        let units = stride(from: 56, to: 128, by: 2).map { entry.number(at: $0, UInt16.self) }
        name = String(decoding: units.prefix { $0 != 0 }, as: UTF16.self)
        guid = entry.guid(at: 16)
        attributes = entry.number(at: 48)
        isActive = false
        (first, last) = (LBA(entry.number(at: 32)), LBA(entry.number(at: 40)))
        isOnDisk = first <= last && last.value < disk.value
    }

    /// An entry in use of an MBR.
    init(_ entry: BootSector.Entry, disk: SectorCount) {
        number = entry.number
        (type, typeName) = (entry.typeText, PartitionTypes.mbr[entry.type])
        (name, guid, attributes) = ("", nil, 0)
        isActive = entry.isActive
        let end = UInt64(entry.first) + UInt64(entry.sectorCount)
        // One without sectors ends before it starts, unless that is at 0, where nothing is before.
        (first, last) = (LBA(UInt64(entry.first)), LBA(max(end, 1) - 1))
        isOnDisk = entry.sectorCount > 0 && end <= disk.value
    }

    /// Where it lies, in bytes from the disk's start; past the end of all numbers it stops there.
    func bytes(_ sectorSize: SectorSize) -> Range<UInt64> {
        let unit = sectorSize.byteCount.value
        let start = first.value.multipliedSaturating(by: unit)
        return
            start..<max(
                start, last.value.addingSaturating(1).multipliedSaturating(by: unit))
    }

    /// What people call it: "partition 2, Linux swap".
    var title: String {
        let type = typeName ?? (guid == nil ? "type \(type)" : "type \(type), “\(name)”")
        return "partition \(number), \(type)" + (fileSystem.map { ", \($0)" } ?? "")
    }
}
