import SystemPackage
import TestSupport
import Testing

/// A BIOS image as tools and firmware see it; what no tool notices is looked at here.
@Suite(.needs("clang", "ld.lld"))
struct BIOSImageCheckTests {
    @Test(.needs("sfdisk"))
    func `the partition table is right`() async throws {
        try await withImage { image in
            let sfdisk = try await Tool(name: "sfdisk")("--verify", image.string)
            #expect(sfdisk.lines.dropFirst().first == "No errors detected.", "\(sfdisk.text)")
            #expect(!sfdisk.says("mismatch", "corrupt", "overlap"), "\(sfdisk.text)")
        }
    }

    @Test func `the boot sector is one that firmware starts`() async throws {
        try await withImage { image in
            let sector = try read(image).prefix(512)
            #expect(sector[3..<90].allSatisfy { $0 == 0 }, "room for a BIOS parameter block")
            #expect(sector[440..<444].contains { $0 != 0 }, "disk signature")
            let entries = stride(from: 446, to: 510, by: 16).map { sector[$0..<$0 + 16] }
            #expect(entries.map { $0.first } == [0x80, 0, 0, 0], "one active partition")
            #expect(entries[0][450] == 0xDA, "no file system")
            #expect(entries.dropFirst().joined().allSatisfy { $0 == 0 })
            #expect(sector[510...] == [0x55, 0xAA])
        }
    }

    @Test func `the kernel is whole, where the payload header says`() async throws {
        try await withImage { image in
            let (bytes, partition) = (try read(image), 2048 * 512)
            func number(_ offset: Int) -> Int {
                bytes[partition + offset..<partition + offset + 4].reversed()
                    .reduce(0) { $0 << 8 | Int($1) }
            }
            #expect(number(12) == 1 && number(32) == 1, "one item, a kernel")
            let start = number(40) * 512
            let kernel = bytes[start..<start + number(48)]
            #expect(try await Array(kernel) == HelloKernel.bytes)
            #expect(start % 4096 == 0)
            #expect(bytes.count % (1 << 20) == 0)
        }
    }

    private func withImage(_ body: (FilePath) async throws -> Void) async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("bios.img")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "bios", "--output", image.string,
            ])
            try await body(image)
        }
    }
}
