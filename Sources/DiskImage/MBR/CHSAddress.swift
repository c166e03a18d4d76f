/// A cylinder-head-sector address as in a partition entry, for 255 heads × 63 sectors.
///
/// Three bytes: head; sector (bits 0–5) with the cylinder's bits 8–9 in bits 6–7; the cylinder's
/// lower eight bits.
struct CHSAddress: DiskStructure {
    /// The cylinder, 0…1023.
    let cylinder: UInt16
    /// The head, 0…255.
    let head: UInt8
    /// The sector, 1…63; 0 only in an unused entry.
    let sector: UInt8

    private static let heads: UInt64 = 255
    private static let sectorsPerTrack: UInt64 = 63
    private static let lastCylinder: UInt64 = 1023
}

extension CHSAddress {
    /// The address of a sector; beyond 7.8 GiB the last one that fits, 1023/254/63.
    init(_ address: LBA) {
        let track = address.value / Self.sectorsPerTrack
        guard track / Self.heads <= Self.lastCylinder else {
            self.init(cylinder: 1023, head: 254, sector: 63)
            return
        }
        self.init(
            cylinder: UInt16(track / Self.heads), head: UInt8(track % Self.heads),
            sector: UInt8(address.value % Self.sectorsPerTrack + 1))
    }

    /// 0xFFFFFF: the end of a protective entry that does not fit (UEFI 2.10 §5.2.3).
    static let beyond = Self(cylinder: 1023, head: 255, sector: 63)

    static let byteCount = 3

    func encode(into writer: inout ByteWriter) {
        writer.append(head)
        writer.append(sector | UInt8(cylinder >> 8) << 6)
        writer.append(UInt8(truncatingIfNeeded: cylinder))
    }
}
