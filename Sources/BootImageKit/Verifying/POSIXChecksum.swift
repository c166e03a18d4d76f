/// The checksum that cksum(1) prints (POSIX.1-2017, "cksum"): CRC-32 with its highest bit first,
/// over the bytes and then over their number.
struct POSIXChecksum {
    private static let polynomial: UInt32 = 0x04C1_1DB7
    private static let table: [UInt32] = (UInt32(0)..<256).map { index in
        (0..<8).reduce(index << 24) { crc, _ in
            crc << 1 ^ (crc >> 31 == 1 ? polynomial : 0)
        }
    }

    private var register: UInt32 = 0
    private var byteCount: UInt64 = 0

    mutating func take(_ bytes: [UInt8]) {
        byteCount += UInt64(bytes.count)
        register = Self.next(register, bytes)
    }

    var value: UInt32 {
        let number = withUnsafeBytes(of: byteCount.littleEndian) { Array($0) }
        return ~Self.next(register, number.dropLast(byteCount.leadingZeroBitCount / 8))
    }

    private static func next(_ register: UInt32, _ bytes: some Sequence<UInt8>) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            bytes.reduce(register) { crc, byte in
                crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ byte)]
            }
        }
    }
}
