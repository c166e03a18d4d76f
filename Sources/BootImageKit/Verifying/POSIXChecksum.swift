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

    /// Takes the next bytes.
    mutating func take(_ bytes: [UInt8]) {
        byteCount += UInt64(bytes.count)
        register = Self.table.withUnsafeBufferPointer { table in
            bytes.reduce(register) { Self.next($0, $1, table) }
        }
    }

    /// The checksum of all bytes so far.
    var value: UInt32 {
        var (crc, rest) = (register, byteCount)
        Self.table.withUnsafeBufferPointer { table in
            while rest != 0 {
                crc = Self.next(crc, UInt8(truncatingIfNeeded: rest), table)
                rest >>= 8
            }
        }
        return ~crc
    }

    private static func next(
        _ crc: UInt32, _ byte: UInt8, _ table: UnsafeBufferPointer<UInt32>
    ) -> UInt32 {
        crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ byte)]
    }
}
