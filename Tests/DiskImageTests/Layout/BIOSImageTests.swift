import Testing

@testable import DiskImage

@Suite struct BIOSImageTests {
    @Test func `the boot sector is the loader's with the disk's fields`() throws {
        let layout = try Sample.biosImage.layOut()
        let record = BootSector(region(layout.extents[0]))
        let code = record.sector.bytes[..<440]
        #expect(Array(code[..<412]) == Array(Sample.loader[..<412]))
        // Sectors of 512 bytes, header at 2048; 16 bytes: 16 sectors to 0:7E00, from sector 1.
        #expect(
            Array(code[412...])
                == bytes(
                    hex: """
                        00020000 0008000000000000
                        1000 1000 007E0000 0100000000000000
                        """))
        #expect(record.diskSignature != 0)
        #expect(record.entries.filter(\.isActive).count == 1)
        let partition = record.entries[0]
        #expect(partition.isActive && partition.type == 0xDA)
        #expect(partition.first == 2048 && partition.end == layout.size.value)
        #expect(record.entries[1...].allSatisfy { $0.region.isZero(0..<16) })
        #expect(content(of: layout.extents[1]) == Array(Sample.loader[512...]))
    }

    @Test func `the header lists each item at its page`() throws {
        let layout = try Sample.biosImage.layOut()
        let findings = ImageFindings()
        let header = region(layout.extents[2])
        let room = 0..<layout.byteCount.value
        let items = PayloadCheck(header: header, room: room, findings: findings).items()
        #expect(items.map(\.kind) == [.kernel, .ramdisk, .bootConfiguration])
        #expect(findings.all.isEmpty)
        for (item, extent) in zip(items, layout.extents[3...]) {
            #expect(item.bytes.lowerBound == layout.sectorSize.offset(of: extent.start).value)
            #expect(item.bytes.byteCount == extent.content.byteCount.value)
            #expect(extent.start.value.isMultiple(of: layout.sectorSize.page.value))
        }
    }

    @Test(
        arguments: [
            (0, 2), (1, 2), ((1 << 20) - 4096, 2), ((1 << 20) - 4095, 3), (1 << 30, 1026),
            ((1 << 41) - (3 << 20), (1 << 21) - 1),
        ] as [(UInt64, UInt64)])
    func `an image has the whole MiB that its payload needs`(length: UInt64, mebibytes: UInt64)
        throws
    {
        #expect(try image(payload: length).layOut().byteCount == .mebibytes(mebibytes))
    }

    @Test(arguments: [(1 << 41) - (2 << 20) - 4096 + 1, 1 << 41, .max] as [UInt64])
    func `an image beyond 2 TiB is refused`(length: UInt64) {
        #expect(throws: LayoutError.self) { try image(payload: length).layOut() }
    }

    @Test(arguments: [0, 511, 513])
    func `a loader without whole sectors is refused`(count: Int) {
        let found = ByteCount(UInt64(count))
        #expect(throws: LayoutError.loaderNotInSectors(found: found)) {
            try image(loader: count).layOut()
        }
    }

    @Test func `a loader has at most 64 KiB`() throws {
        _ = try image(loader: 64 << 10).layOut()
        let found = ByteCount((64 << 10) + 512)
        #expect(throws: LayoutError.loaderTooLong(found: found, allowed: .kibibytes(64))) {
            try image(loader: (64 << 10) + 512).layOut()
        }
    }

    @Test func `sixteen items are one too many`() throws {
        let item = PayloadItem(kind: .ramdisk, content: .bytes([1]))
        func image(_ count: Int) -> BIOSImage {
            let payload = Array(repeating: item, count: count)
            return BIOSImage(loader: Sample.loader, payload: payload, identity: Sample.identity)
        }
        _ = try image(15).layOut()
        #expect(throws: LayoutError.tooManyPayloadItems(found: 16, allowed: 15)) {
            try image(16).layOut()
        }
    }

    @Test func `another identity gives another disk`() throws {
        let other = BIOSImage(
            loader: Sample.biosImage.loader, payload: Sample.biosImage.payload,
            identity: ImageIdentity(1, 2))
        #expect(try other.layOut() != Sample.biosImage.layOut())
        #expect(try Sample.biosImage.layOut() == Sample.biosImage.layOut())
    }

    private func image(loader: Int = 512, payload: UInt64 = 1) -> BIOSImage {
        BIOSImage(
            loader: [UInt8](repeating: 0x90, count: loader),
            payload: [
                PayloadItem(kind: .kernel, content: .input(index: 0, length: ByteCount(payload)))
            ],
            identity: Sample.identity)
    }
}
