import Testing

@testable import DiskImage

@Suite struct PayloadHeaderTests {
    private let header = PayloadHeader(entries: [
        PayloadHeader.Entry(
            kind: .kernel, start: LBA(8), length: ByteCount(300_001)),
        PayloadHeader.Entry(
            kind: .bootConfiguration, start: LBA(600), length: ByteCount(2)),
    ])

    @Test func `a header reads back as written`() {
        let findings = ImageFindings()
        let region = Region(place: "payload header", offset: 0, bytes: header.encoded())
        let items = PayloadCheck(header: region, room: 512..<1 << 20, findings: findings).items()
        #expect(findings.all == [] && region.bytes.count == 512)
        #expect(items.map(\.kind) == [.kernel, .bootConfiguration])
        #expect(items.map(\.bytes) == [4096..<304_097, 307_200..<307_202])
    }

    @Test func `fields are where the loader expects them`() {
        var sector = header.encoded()
        #expect(String(decoding: sector[..<8], as: UTF8.self) == "BOOTPAYL")
        #expect(Array(sector[8..<16]) == bytes(hex: "02000000 02000000"))
        #expect(
            Array(sector[32..<96])
                == bytes(
                    hex: """
                        01000000 00000000 0800000000000000 E193040000000000 0000000000000000
                        03000000 00000000 5802000000000000 0200000000000000 0000000000000000
                        """))
        let stored = sector[16..<20].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        sector.replaceSubrange(16..<20, with: [0, 0, 0, 0])
        #expect(stored == CRC32.ieee.checksum(sector))
    }
}
