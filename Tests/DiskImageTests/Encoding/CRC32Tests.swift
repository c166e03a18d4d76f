import DiskImage
import Testing

@Suite struct CRC32Tests {
    @Test(
        arguments: [
            ("", 0), ("a", 0xE8B7_BE43), ("123456789", 0xCBF4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func textHasItsKnownChecksum(text: String, expected: UInt32) {
        #expect(CRC32.checksum(Array(text.utf8)) == expected)
    }

    @Test(arguments: 0..<64)
    func everyLengthGivesWhatBitByBitGives(count: Int) {
        let bytes = Sample.noise(count)
        let expected = bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in
                (crc >> 1) ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0)
            }
        }
        #expect(CRC32.checksum(bytes) == ~expected)
    }
}
