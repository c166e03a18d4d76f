/// A cyclic redundancy check of 32 bits, reflected, with start value and final XOR of all ones.
struct CRC32: Sendable {
    /// CRC-32/ISO-HDLC (IEEE 802.3), of GPT (UEFI 2.10 §5.3.2) and of the payload header:
    /// polynomial 0x04C11DB7; the check value of `123456789` is 0xCBF43926.
    static let ieee = Self(reversedPolynomial: 0xEDB8_8320)

    /// CRC-32C (RFC 3720 appendix B.4), of VHDX: polynomial 0x1EDC6F41; the check value of
    /// `123456789` is 0xE3069283.
    static let castagnoli = Self(reversedPolynomial: 0x82F6_3B78)

    /// Eight tables of 256: table `n` carries a byte over `n` further bytes of zeros, so eight
    /// bytes take eight independent look-ups instead of a chain of eight.
    private let tables: [UInt32]

    private init(reversedPolynomial polynomial: UInt32) {
        var tables = (UInt32(0)..<256).map { index in
            (0..<8).reduce(index) { crc, _ in (crc >> 1) ^ (crc & 1 == 1 ? polynomial : 0) }
        }
        for index in 256..<(8 * 256) {
            let previous = tables[index - 256]
            tables.append((previous >> 8) ^ tables[Int(previous & 0xFF)])
        }
        self.tables = tables
    }

    func checksum(_ bytes: some Collection<UInt8>) -> UInt32 {
        let crc = bytes.withContiguousStorageIfAvailable { bytes in
            tables.withUnsafeBufferPointer { Self.update(.max, UnsafeRawBufferPointer(bytes), $0) }
        }
        return crc.map { ~$0 } ?? checksum(Array(bytes))
    }

    private static func update(
        _ start: UInt32, _ bytes: UnsafeRawBufferPointer, _ table: UnsafeBufferPointer<UInt32>
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
