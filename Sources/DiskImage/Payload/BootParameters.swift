/// Where the boot sector finds the rest of the BIOS loader, and the loader its payload.
///
/// This project's own structure, at offset 412 of the boot sector.
struct BootParameters: DiskStructure {
    /// Offset 0: the length of the drive's sectors.
    let sectorByteCount: UInt16
    // Offset 2: zero.
    /// Offset 4: the payload header, in sectors of 512 bytes.
    let payloadHeader: LBA
    // Offset 12: the firmware's disk address packet (EDD 3.0, table 1): its length, 16, and zero.
    /// Offset 14: how many of the drive's sectors to read.
    let sectorCount: UInt16
    /// Offset 16: where to put them, in the first 64 KiB of memory.
    let address: UInt16
    // Offset 18: the segment, zero.
    /// Offset 20: the first of them, in the drive's sectors.
    let firstSector: UInt64

    static let offset = 412
    static let byteCount = 28
    /// The address after the boot sector, which firmware loads to 0x7C00.
    static let bootSectorEnd: UInt16 = 0x7E00

    private static let packetByteCount: UInt16 = 16
}

extension BootParameters {
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

    /// Reads the parameters in a boot sector; fails unless the constant fields are right.
    init?(in sector: Region) {
        func number<Number: FixedWidthInteger & UnsignedInteger>(_ offset: Int) -> Number {
            sector.number(at: Self.offset + offset)
        }
        (sectorByteCount, sectorCount, address) = (number(0), number(14), number(16))
        (payloadHeader, firstSector) = (LBA(number(4)), number(20))
        let (zeros, segment): (UInt16, UInt16) = (number(2), number(18))
        guard zeros == 0, segment == 0, number(12) == Self.packetByteCount else { return nil }
    }
}

extension ContentDigest {
    /// The digest of a BIOS loader in a disk's first sectors.
    ///
    /// It leaves out what differs between disks, from the boot parameters to the end of the boot
    /// sector, and zeros after the loader.
    public init(ofBIOSLoader area: [UInt8]) {
        let code = area[..<BootParameters.offset]
        let rest = area[MasterBootRecord.byteCount...]
        let end = rest.lastIndex { $0 != 0 }.map { $0 + 1 } ?? rest.startIndex
        self.init(of: Array(code) + rest[..<end])
    }
}

extension ImageIdentity {
    /// The identity of a BIOS image with that loader and those items.
    public init(biosLoader: ContentDigest, payload: [(kind: PayloadKind, digest: ContentDigest)]) {
        self.init(
            [("loader", biosLoader)] + payload.map { ("payload \($0.kind.rawValue)", $0.digest) })
    }

    /// The identity of a UEFI image with those files, in any order, and that loader for BIOS.
    public init(files: [(name: String, digest: ContentDigest)], biosLoader: ContentDigest?) {
        self.init(files + (biosLoader.map { [("BIOS loader", $0)] } ?? []))
    }
}
