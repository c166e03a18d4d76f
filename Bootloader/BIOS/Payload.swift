import CBIOS

/// The table of contents of what the loader loads.
struct Payload {
    struct Item {
        /// Counted from the disk's start, in sectors of 512 bytes.
        var firstSector: UInt64
        var byteCount: UInt64
    }

    private static let magic: UInt64 = 0x4C59_4150_544F_4F42  // "BOOTPAYL"
    private static let version: UInt64 = 2
    private static let byteCount = 512
    private static let entryOffset = 32
    private static let entryByteCount = 32
    private static let entryLimit: UInt64 = 15

    private var kernel: Item?
    private var ramdisk: Item?
    private var bootConfiguration: Item?

    subscript(file: BootFile) -> Item? {
        switch file {
        case .kernel: kernel
        case .ramdisk: ramdisk
        case .bootConfiguration: bootConfiguration
        }
    }

    /// Reads it from where the boot sector says, which is still in memory.
    init(on disk: Disk) throws(BootError) {
        var sector = [512 of UInt8](repeating: 0)
        try withUnsafeMutableBytes(of: &sector) { bytes throws(BootError) in
            try disk.read(from: BootParameters.payloadHeader, into: bytes)
        }
        try withUnsafeBytes(of: &sector) { bytes throws(BootError) in
            let count = try Self.checkedEntryCount(bytes)
            for index in 0..<count { addEntry(index, bytes) }
        }
    }

    /// Checks the header and returns how many entries follow it.
    private static func checkedEntryCount(
        _ sector: UnsafeRawBufferPointer
    ) throws(BootError) -> Int {
        func require(
            _ rule: StaticString, _ found: UInt64, is allowed: UInt64
        ) throws(BootError) {
            guard found == allowed else {
                throw BootError(.payload, rule, found: found, allowed: allowed)
            }
        }
        func word(_ offset: Int) -> UInt64 {
            UInt64(sector.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        try require("not a bootimage payload", word(0) | word(4) << 32, is: magic)
        try require("unknown version", word(8), is: version)
        try require("header checksum", word(16), is: UInt64(checksum(sector)))
        guard word(12) <= entryLimit else {
            throw BootError(.payload, "too many entries", found: word(12), allowed: entryLimit)
        }
        return Int(word(12))
    }

    private mutating func addEntry(
        _ index: Int, _ sector: UnsafeRawBufferPointer
    ) {
        let entry = Self.entryOffset + index * Self.entryByteCount
        func field(_ offset: Int) -> UInt64 {
            sector.loadUnaligned(fromByteOffset: entry + offset, as: UInt64.self)
        }
        let item = Item(firstSector: field(8), byteCount: field(16))
        switch field(0) {
        case 1: kernel = item
        case 2: ramdisk = item
        case 3: bootConfiguration = item
        default: return
        }
    }

    /// CRC-32 of the header, its own field counted as zero (ISO 3309, reflected).
    private static func checksum(_ sector: UnsafeRawBufferPointer) -> UInt32 {
        var crc: UInt32 = ~0
        for index in 0..<byteCount {
            crc ^= (16..<20).contains(index) ? 0 : UInt32(sector[index])
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
        return ~crc
    }
}
