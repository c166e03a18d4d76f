/// The cyclic redundancy check of GPT and of the payload header.
///
/// CRC-32/ISO-HDLC (IEEE 802.3): polynomial 0x04C11DB7 reflected, start and final XOR all ones;
/// the check value of `123456789` is 0xCBF43926. UEFI 2.10 §5.3.2 names it for GPT.
public enum CRC32 {
    /// The checksum of `bytes`.
    public static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.withUnsafeBytes { buffer in
            tables.withUnsafeBufferPointer { update(.max, with: buffer, $0) }
        }
    }

    private static let polynomial: UInt32 = 0xEDB8_8320

    /// Eight tables of 256: table `n` carries a byte over `n` further bytes of zeros, so that
    /// eight bytes need eight independent look-ups instead of a chain of eight.
    private static let tables: [UInt32] = {
        var tables = (UInt32(0)..<256).map { index in
            (0..<8).reduce(index) { crc, _ in (crc >> 1) ^ (crc & 1 == 1 ? polynomial : 0) }
        }
        for index in 256..<(8 * 256) {
            let previous = tables[index - 256]
            tables.append((previous >> 8) ^ tables[Int(previous & 0xFF)])
        }
        return tables
    }()

    private static func update(
        _ start: UInt32, with bytes: UnsafeRawBufferPointer, _ table: UnsafeBufferPointer<UInt32>
    ) -> UInt32 {
        var crc = start
        let wordsEnd = bytes.count & ~7
        for offset in stride(from: 0, to: wordsEnd, by: 8) {
            let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
            var rest = word ^ UInt64(crc)
            crc = 0
            for distance in (0..<8).reversed() {
                crc ^= table[distance << 8 | Int(rest & 0xFF)]
                rest >>= 8
            }
        }
        for byte in bytes[wordsEnd...] {
            crc = (crc >> 8) ^ table[Int((crc ^ UInt32(byte)) & 0xFF)]
        }
        return crc
    }
}
