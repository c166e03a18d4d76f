import Testing

@testable import DiskImage

@Suite struct CRC32Tests {
    @Test(
        arguments: [
            ("", 0), ("a", 0xE8B7_BE43), ("123456789", 0xCBF4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func `a text has its known checksum`(text: String, expected: UInt32) {
        #expect(CRC32.ieee.checksum(Array(text.utf8)) == expected)
    }

    @Test(arguments: 0..<64)
    func `every length gives the result of the bitwise algorithm`(count: Int) {
        let bytes = Sample.noise(count)
        let expected = bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
                (crc >> 1) ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0)
            }
        }
        #expect(CRC32.ieee.checksum(bytes) == ~expected)
    }
}
