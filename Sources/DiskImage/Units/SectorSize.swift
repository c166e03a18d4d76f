/// The length of a disk's sectors, its logical blocks.
///
/// An ``LBA`` and a ``SectorCount`` count sectors of one disk, whatever their length. Only this
/// type converts between sectors and bytes.
public enum SectorSize: Int, CaseIterable, Sendable {
    /// 512 bytes, which most disks have or emulate.
    case bytes512 = 512
    /// 4,096 bytes: "4K native" disks.
    case bytes4096 = 4096

    /// The length of one sector.
    public var byteCount: ByteCount { ByteCount(UInt64(rawValue)) }

    /// The number of sectors that hold these bytes; the last one may be partly filled.
    public func sectors(holding bytes: ByteCount) -> SectorCount {
        SectorCount(bytes.divided(intoPiecesOf: byteCount))
    }

    /// The length of these sectors; traps above 2⁶⁴ − 1 bytes.
    public func bytes(in sectors: SectorCount) -> ByteCount {
        ByteCount(sectors.value * byteCount.value)
    }

    /// The byte offset of a sector from the start of the disk; traps above 2⁶⁴ − 1.
    public func offset(of address: LBA) -> ByteCount {
        bytes(in: SectorCount(address.value))
    }

    /// 4 KiB: the physical sector of current disks and the page of an x86-64 processor.
    public var page: SectorCount { sectors(holding: .kibibytes(4)) }

    /// 1 MiB.
    public var mebibyte: SectorCount { sectors(holding: .mebibytes(1)) }

    /// The start of the first partition in every image: 1 MiB, which suits any medium's alignment.
    public var firstPartition: LBA { LBA(0) + mebibyte }
}
