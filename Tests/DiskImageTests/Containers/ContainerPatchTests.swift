import Testing

@testable import DiskImage

/// Reproducible containers, and refused ones.
///
/// Tests of `bootimage build` use the containers that qemu-img writes.
struct ContainerPatchTests {
    /// A file in memory.
    struct Memory: DiskSource {
        var bytes: [UInt8]
        var byteCount: ByteCount { ByteCount(of: bytes) }

        func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
            Array(bytes[Int(offset)..<Int(offset) + count])
        }
    }

    private func patches(
        _ format: ContainerFormat, _ bytes: [UInt8], named name: String = "a.vmdk"
    ) throws(ContainerError) -> [ContainerPatch] {
        try format.reproduciblePatches(
            of: Memory(bytes: bytes), named: name, identity: Sample.identity)
    }

    @Test func `a raw image and a qcow2 need no patches`() throws {
        #expect(try patches(.raw, []) == [])
        #expect(try patches(.qcow2, Sample.noise(100)) == [])
    }

    @Test(arguments: [ContainerFormat.vmdk, .vdi, .vhdx, .vhd])
    func `another file is refused`(_ format: ContainerFormat) {
        for bytes in [[], Sample.noise(100), Sample.noise(300_000)] {
            #expect(throws: ContainerError.self) { try patches(format, bytes) }
        }
    }

    @Test func `both footers of a VHD get the right checksum`() throws {
        var footer = Array("conectix".utf8) + Sample.noise(504)
        let patches = try patches(.vhd, footer + Sample.noise(1024) + footer)
        #expect(patches.map(\.offset) == [0, 1536])
        #expect(patches[0].bytes == patches[1].bytes)
        let stored = patches[0].bytes[64..<68].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        footer = patches[0].bytes
        footer.replaceSubrange(64..<68, with: [0, 0, 0, 0])
        #expect(stored == ~footer.reduce(UInt32(0)) { $0 + UInt32($1) })
        #expect(footer[24..<28].allSatisfy { $0 == 0 })
    }

    /// A VMDK as qemu-img 7.2 writes it.
    private static func vmdk(_ extent: String, sectors: UInt8 = 2) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        header.replaceSubrange(0..<4, with: Array("KDMV".utf8))
        (header[13], header[28], header[36]) = (0x10, 1, sectors)
        let text = """
            # Disk DescriptorFile
            version=1
            CID=deadbeef
            parentCID=ffffffff
            createType="monolithicSparse"

            # Extent description
            \(extent)

            # The Disk Data Base
            #DDB

            """
        let zeros = max(0, Int(sectors) * 512 - text.utf8.count)
        return header + text.utf8 + [UInt8](repeating: 0, count: zeros)
    }

    @Test(arguments: [
        ("disk.vmdk", "disk.vmdk"), ("a\"b\n.vmdk", "a_b_.vmdk"), ("kärnel.vmdk", "kärnel.vmdk"),
    ])
    func `a VMDK's descriptor has the file's own name`(_ name: String, _ told: String) throws {
        let file = Self.vmdk("RW 4096 SPARSE \".one\ntwo\".tmp\"")
        let patch = try #require(try patches(.vmdk, file, named: name).first)
        #expect(patch.offset == 512 && patch.bytes.count == 1024)
        let text = String(decoding: patch.bytes, as: UTF8.self)
        #expect(text.contains("# Extent description\nRW 4096 SPARSE \"\(told)\"\n\n# The Disk"))
        #expect(!text.contains(".tmp") && !text.contains("deadbeef"))
        let identifier = try #require(text.firstRange(of: "\nCID=")).upperBound
        #expect(text[identifier...].prefix(9).last == "\n")
    }

    @Test func `a VMDK with another descriptor is refused`() {
        let right = Self.vmdk("RW 4096 SPARSE \"a\"")
        #expect(throws: Never.self) { try patches(.vmdk, right) }
        let long = String(repeating: "n", count: 1024)
        #expect(throws: ContainerError.self) { try patches(.vmdk, right, named: long) }
        for word in ["CID=dead", "parentCID", "# Extent", "# The Disk"] {
            var file = right
            let place = file.firstRange(of: Array(word.utf8))
            if let place { file[place.lowerBound] = UInt8(ascii: "?") }
            let error = #expect(throws: ContainerError.self) { try patches(.vmdk, file) }
            #expect(error?.description.contains("as qemu-img writes it") == true)
        }
    }

    @Test func `the identity depends on the length and the first 2 MiB`() throws {
        let bytes = Sample.noise(3 << 20)
        let identity = try ImageIdentity(ofRaw: Memory(bytes: bytes))
        #expect(try ImageIdentity(ofRaw: Memory(bytes: bytes)) == identity)
        for (place, differs) in [(0, true), ((2 << 20) - 1, true), (2 << 20, false)] {
            var other = bytes
            other[place] ^= 1
            #expect(try (ImageIdentity(ofRaw: Memory(bytes: other)) != identity) == differs)
        }
        #expect(try ImageIdentity(ofRaw: Memory(bytes: bytes + [0])) != identity)
    }
}
