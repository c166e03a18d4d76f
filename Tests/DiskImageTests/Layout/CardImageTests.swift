import Testing

@testable import DiskImage

/// Cards for boards: one FAT32 partition that fills a power of two.
struct CardImageTests {
    private static func card(
        _ files: [EFIImage.File], label: String = "CARD", minimum: ByteCount = .zero
    ) -> CardImage {
        CardImage(files: files, identity: Sample.identity, label: label, minimum: minimum)
    }

    private static func file(_ path: String, _ length: UInt64) -> EFIImage.File {
        EFIImage.File(path: path, content: .input(index: 0, length: ByteCount(length)))
    }

    @Test func `the MBR has one entry of type 0x0C to the end`() throws {
        let layout = try Self.card([Self.file("kernel8.img", 5000)]).layOut()
        let record = BootSector(region(layout.extents[0]))
        let partition = record.entries[0]
        #expect(partition.type == 0x0C && !partition.isActive)
        #expect(partition.first == 2048 && partition.end == layout.size.value)
        #expect(record.entries[1...].allSatisfy { !$0.isUsed })
        #expect(record.diskSignature != 0 && record.code == .passesOn)
        let volume = bootSector(in: layout["FAT32 boot sector"])
        #expect(volume.total == layout.size.value - 2048)
        #expect(layout["kernel8.img"]?.content.byteCount == ByteCount(5000))
    }

    @Test(
        arguments: [
            (0, 0, 64), (0, 65, 128), (0, 128, 128), (40 << 20, 0, 64), (63 << 20, 0, 128),
            (200 << 20, 0, 256), (255 << 20, 0, 512), (3 << 30, 0, 4096), (0, 1 << 20, 1 << 20),
        ] as [(UInt64, UInt64, UInt64)])
    func `the size is a power of two`(
        _ length: UInt64, _ minimum: UInt64, _ mebibytes: UInt64
    ) throws {
        let layout = try Self.card(
            [Self.file("a", length)], minimum: .mebibytes(minimum)
        ).layOut()
        #expect(layout.byteCount == .mebibytes(mebibytes))
    }

    @Test func `many small files make a card larger only as needed`() throws {
        let files = (0..<3000).map { Self.file("f\($0)", 1) }
        #expect(try Self.card(files).layOut().byteCount == .mebibytes(64))
    }

    @Test func `a card beyond 1 TiB is refused`() {
        let minimum = ByteCount(1 << 40 + 1)
        #expect(throws: LayoutError.cardTooLong(found: minimum, allowed: ByteCount(1 << 40))) {
            try Self.card([], minimum: minimum).layOut()
        }
        let files = (0..<260).map { Self.file("f\($0)", 0xFFFF_FFFF) }
        #expect(throws: LayoutError.self) { try Self.card(files).layOut() }
    }

    @Test func `a bad label or path is refused`() {
        #expect(throws: LayoutError.badVolumeLabel(found: "lower")) {
            try Self.card([], label: "lower").layOut()
        }
        #expect(throws: LayoutError.self) { try Self.card([Self.file("a/../b", 1)]).layOut() }
    }
}
