/// The loader for BIOS: a boot sector and the second part that it reads, in sectors of 512 bytes.
struct BIOSLoader {
    private let bytes: [UInt8]

    private static let sectorSize = SectorSize.bytes512
    /// The loader has 32 KiB in memory.
    private static let maximum = ByteCount.kibibytes(32)
    /// What firmware reads of a CD's boot image by itself, and how long a CD's sectors are.
    private static let cdSectorByteCount = 2048

    /// Takes a loader of 1…64 sectors.
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

    /// What follows the boot sector.
    var secondPart: [UInt8] { Array(bytes[MasterBootRecord.byteCount...]) }

    /// The boot code of a disk whose loader goes on at `secondPart`.
    func bootCode(secondPart: LBA, payloadHeader: LBA) -> [UInt8] {
        let sectors = bytes.count / Self.sectorSize.rawValue - 1
        return bootCode(
            BootParameters(
                sectorByteCount: UInt16(Self.sectorSize.rawValue), payloadHeader: payloadHeader,
                sectorCount: UInt16(sectors), address: BootParameters.bootSectorEnd,
                firstSector: secondPart.value))
    }

    /// The boot code of a disc, where the loader begins at `start`.
    ///
    /// A BIOS loads the boot code and what follows it in the same sector of 2,048 bytes.
    func bootCode(ofDiscAt start: LBA, payloadHeader: LBA) -> [UInt8] {
        let rest = max(bytes.count - Self.cdSectorByteCount, 0)
        let skipped = Self.cdSectorByteCount - MasterBootRecord.byteCount
        return bootCode(
            BootParameters(
                sectorByteCount: UInt16(Self.cdSectorByteCount), payloadHeader: payloadHeader,
                sectorCount: UInt16((rest + Self.cdSectorByteCount - 1) / Self.cdSectorByteCount),
                address: BootParameters.bootSectorEnd + UInt16(skipped),
                firstSector: UInt64(ISOVolume.sector(start)) + 1))
    }

    /// How many sectors of 512 bytes a BIOS is told to load of a disc.
    static let discSectorCount = UInt16(cdSectorByteCount / SectorSize.bytes512.rawValue)

    private func bootCode(_ parameters: BootParameters) -> [UInt8] {
        Array(bytes[..<BootParameters.offset]) + parameters.encoded()
    }
}

/// Where the boot sector finds the rest of the loader, and the loader its payload.
///
/// This project's own structure, at offset 412 of the boot sector.
struct BootParameters: DiskStructure {
    /// Offset 0: how long the drive's sectors are.
    let sectorByteCount: UInt16
    // Offset 2: zero.
    /// Offset 4: where the payload header is, in sectors of 512 bytes.
    let payloadHeader: LBA
    // Offset 12: the firmware's disk address packet (EDD 3.0, table 1): its length, 16, and zero.
    /// Offset 14: how many of the drive's sectors are read.
    let sectorCount: UInt16
    /// Offset 16: where to, in the first 64 KiB of memory.
    let address: UInt16
    // Offset 18: the segment, zero.
    /// Offset 20: the first of them, in the drive's sectors.
    let firstSector: UInt64

    /// Where the structure starts in the boot sector.
    static let offset = 412
    /// Size on the disk, in bytes.
    static let byteCount = 28
    /// Name in errors.
    static let name = "boot parameters"
    /// The byte behind the boot sector, which firmware loads to 0x7C00.
    static let bootSectorEnd: UInt16 = 0x7E00

    private static let packetByteCount: UInt16 = 16

    init(
        sectorByteCount: UInt16, payloadHeader: LBA, sectorCount: UInt16, address: UInt16,
        firstSector: UInt64
    ) {
        self.sectorByteCount = sectorByteCount
        self.payloadHeader = payloadHeader
        self.sectorCount = sectorCount
        self.address = address
        self.firstSector = firstSector
    }

    func encode(into writer: inout ByteWriter) {
        writer.append(sectorByteCount)
        writer.append(UInt16(0))
        writer.append(payloadHeader.value)
        writer.append(Self.packetByteCount)
        writer.append(sectorCount)
        writer.append(address)
        writer.append(UInt16(0))
        writer.append(firstSector)
    }

    init(from reader: inout ByteReader) throws(FormatError) {
        sectorByteCount = try reader.read()
        try reader.expect(UInt16(0), "reserved field")
        payloadHeader = LBA(try reader.read())
        try reader.expect(Self.packetByteCount, "packet length")
        sectorCount = try reader.read()
        address = try reader.read()
        try reader.expect(UInt16(0), "segment")
        firstSector = try reader.read()
    }
}
