import CBIOS

/// The parameters that the image's writer put into the boot sector, which is still in memory.
enum BootParameters {
    private static var parameters: PhysicalMemory {
        PhysicalMemory(
            PhysicalAddress(layout: BOOT_SECTOR_ADDRESS + BOOT_PARAMETERS), byteCount: 12)
    }

    /// The length of the drive's sectors: 512 bytes, on a CD 2,048.
    static var sectorSize: UInt64 { UInt64(parameters.load(UInt16.self)) }

    /// The first sector of the payload's header, in units of 512 bytes.
    static var payloadHeader: UInt64 { parameters.load(UInt64.self, at: 4) }
}

/// The table of contents of the files on the disk.
struct Payload {
    struct Item {
        /// From the disk's start, in units of 512 bytes.
        var firstSector: UInt64
        var byteCount: UInt64
    }

    private static let magic: UInt64 = 0x4C59_4150_544F_4F42  // "BOOTPAYL"
    private static let version: UInt64 = 2
    private static let entryOffset: UInt64 = 32
    private static let entryByteCount: UInt64 = 32
    private static let entryLimit: UInt64 = 15

    private let header = PhysicalMemory(PhysicalAddress(layout: PAYLOAD_HEADER), byteCount: 512)
    private let count: UInt64

    /// Reads and checks the header that the boot sector names.
    init(on disk: Disk) throws(BootError) {
        let header = header
        try disk.read(from: BootParameters.payloadHeader, into: header)
        func word(_ offset: UInt64) -> UInt64 { UInt64(header.load(UInt32.self, at: offset)) }
        try BootError.require(
            .payload, "not a bootimage payload", header.load(UInt64.self), is: Self.magic)
        try BootError.require(.payload, "unknown version", word(8), is: Self.version)
        try BootError.require(
            .payload, "wrong header checksum", word(16), is: UInt64(Self.checksum(header)))
        count = word(12)
        guard count <= Self.entryLimit else {
            throw BootError(.payload, "too many entries", count: count, allowed: Self.entryLimit)
        }
    }

    /// Where a file is; of two entries for it, the last one counts.
    subscript(file: BootFile) -> Item? {
        let kind: UInt64 =
            switch file {
            case .kernel: 1
            case .ramdisk: 2
            case .settings: 3
            case .parameters: 4
            case .module(let index): 16 + UInt64(index)
            }
        var item: Item?
        for index in 0..<count {
            let entry = Self.entryOffset + index * Self.entryByteCount
            if header.load(UInt64.self, at: entry) == kind {
                item = Item(
                    firstSector: header.load(UInt64.self, at: entry + 8),
                    byteCount: header.load(UInt64.self, at: entry + 16))
            }
        }
        return item
    }

    /// CRC-32 of the header, with zeros for the checksum itself (ISO 3309, reflected).
    private static func checksum(_ header: PhysicalMemory) -> UInt32 {
        var crc: UInt32 = ~0
        for index in 0..<header.byteCount {
            crc ^= (16..<20).contains(index) ? 0 : UInt32(header[index])
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
        return ~crc
    }
}
