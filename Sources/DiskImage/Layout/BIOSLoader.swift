/// The BIOS loader: a boot sector and the second part that it reads, in sectors of 512 bytes.
struct BIOSLoader {
    private let bytes: [UInt8]

    private static let sectorSize = SectorSize.bytes512
    /// The loader has 64 KiB in memory.
    private static let maximum = ByteCount.kibibytes(64)
    /// The length of a disc's sectors; firmware loads one sector of a boot image.
    private static let discSectorByteCount = ISODescriptor.byteCount

    /// Takes a loader of 1…128 sectors.
    init(_ bytes: [UInt8]) throws(LayoutError) {
        let found = ByteCount(of: bytes)
        guard !bytes.isEmpty, found.value.isMultiple(of: Self.sectorSize.byteCount.value) else {
            throw .loaderNotInSectors(found: found)
        }
        guard found <= Self.maximum else {
            throw .loaderTooLong(found: found, allowed: Self.maximum)
        }
        self.bytes = bytes
    }

    var secondPart: [UInt8] { Array(bytes[MasterBootRecord.byteCount...]) }

    /// The boot code of a disk whose loader continues at `secondPart`.
    func bootCode(secondPart: LBA, payloadHeader: LBA) -> [UInt8] {
        let sectors = bytes.count / Self.sectorSize.rawValue - 1
        return bootCode(
            BootParameters(
                sectorByteCount: UInt16(Self.sectorSize.rawValue), payloadHeader: payloadHeader,
                sectorCount: UInt16(sectors), address: BootParameters.bootSectorEnd,
                firstSector: secondPart.value))
    }

    /// The boot code of a disc, of which a BIOS loads the first sector of 2,048 bytes.
    func bootCode(ofDiscAt start: LBA, payloadHeader: LBA) -> [UInt8] {
        let rest = max(bytes.count - Self.discSectorByteCount, 0)
        let skipped = Self.discSectorByteCount - MasterBootRecord.byteCount
        return bootCode(
            BootParameters(
                sectorByteCount: UInt16(Self.discSectorByteCount), payloadHeader: payloadHeader,
                sectorCount: UInt16(
                    (rest + Self.discSectorByteCount - 1) / Self.discSectorByteCount),
                address: BootParameters.bootSectorEnd + UInt16(skipped),
                firstSector: UInt64(ISOVolume.sector(start)) + 1))
    }

    /// The number of sectors of 512 bytes that the boot catalogue has a BIOS load.
    static let discSectorCount = UInt16(discSectorByteCount / SectorSize.bytes512.rawValue)

    private func bootCode(_ parameters: BootParameters) -> [UInt8] {
        Array(bytes[..<BootParameters.offset]) + parameters.encoded()
    }
}
