import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite struct ImageWriterTests {
    @Test func imageHoldsEachExtentAndZerosBetween() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("out.img")
            let layout = try Sample.efiImage.layOut()
            try ImageWriter().write(layout, to: output)
            #expect(try read(output) == expectedBytes(of: layout))
            #expect(try names(in: folder) == ["out.img"], "no temporary file is left")
        }
    }

    /// Lengths around the writer's buffer (128 KiB), blocks and sectors.
    @Test(arguments: [
        0, 1, 511, 512, 4095, 4096, 131_071, 131_072, 131_073, 1 << 20, (1 << 20) + 1, 3_000_001,
    ])
    func inputArrivesWhole(length: Int) async throws {
        try await withTemporaryFolder { folder in
            let kernel = folder.appending("kernel.elf")
            let bytes = Sample.noise(length)
            try write(bytes, to: kernel)
            let output = folder.appending("out.img")
            try withInput(kernel) { input in
                let layout = try image(of: input).layOut()
                try ImageWriter(inputs: [input]).write(layout, to: output)
            }
            let written = try read(output)[(2056 * 512)...].prefix(length)
            #expect(Array(written) == bytes)
        }
    }

    @Test(arguments: SectorSize.allCases)
    func zerosAreHoles(sectorSize: SectorSize) async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("out.img")
            let layout = try Sample.efiImage(sectorSize).layOut()
            try ImageWriter().write(layout, to: output)
            let status = try output.stat()
            #expect(status.size == Int64(layout.byteCount.value))
            let content = layout.extents.reduce(0) { $0 + Int64($1.content.byteCount.value) }
            #expect(status.sizeAllocated < content + (256 << 10), "st_blocks")
        }
    }

    @Test func twoBuildsAreIdentical() async throws {
        try await withTemporaryFolder { folder in
            let outputs = ["one.img", "two.img"].map { folder.appending($0) }
            for output in outputs { try ImageWriter().write(Sample.efiImage.layOut(), to: output) }
            #expect(try read(outputs[0]) == read(outputs[1]))
        }
    }

    @Test func concurrentBuildsLeaveOneImage() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("out.img")
            let layout = try Sample.biosImage.layOut()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask { try ImageWriter().write(layout, to: output) }
                }
                try await group.waitForAll()
            }
            #expect(try read(output) == expectedBytes(of: layout))
            #expect(try names(in: folder) == ["out.img"])
        }
    }

    @Test func leftoverOfAKilledProcessIsRemoved() async throws {
        try await withTemporaryFolder { folder in
            for name in [".out.img.4-1.tmp", ".other.img.4-1.tmp", ".out.img.txt"] {
                try write([1], to: folder.appending(name))
            }
            try ImageWriter().write(Sample.biosImage.layOut(), to: folder.appending("out.img"))
            #expect(try names(in: folder) == [".other.img.4-1.tmp", ".out.img.txt", "out.img"])
        }
    }

    @Test(arguments: [
        "with space,comma", "-dash", "%s", "new\nline", String(repeating: "n", count: 255),
    ])
    func unusualNameIsWritten(name: String) async throws {
        try await withTemporaryFolder { folder in
            try ImageWriter().write(Sample.biosImage.layOut(), to: folder.appending(name))
            #expect(try names(in: folder) == [name])
        }
    }

    private func image(of input: ImageInput) -> BIOSImage {
        let content = Content.input(index: 0, length: input.byteCount)
        return BIOSImage(
            loader: Sample.loader, payload: [PayloadItem(kind: .kernel, content: content)],
            identity: Sample.identity)
    }

    private func expectedBytes(of layout: ImageLayout) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(layout.byteCount.value))
        for extent in layout.extents {
            let start = Int(layout.sectorSize.offset(of: extent.start).value)
            let content = content(of: extent)
            bytes.replaceSubrange(start..<(start + content.count), with: content)
        }
        return bytes
    }
}
