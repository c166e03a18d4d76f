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

    /// A long input with holes at its start, in its middle and at its end.
    @Test(arguments: [[], [0], [5], [39], [0, 1, 20, 39], Array(0..<40)])
    func holesStayHoles(filled: [Int]) async throws {
        try await withTemporaryFolder { folder in
            let (kernel, output) = (folder.appending("kernel.elf"), folder.appending("out.img"))
            let (pieceLength, length) = (256 << 10, 40 * (256 << 10) - 77)
            let file = try FileDescriptor.open(
                kernel, .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.closeAfter {
                try file.resize(to: Int64(length))
                for index in filled {
                    let piece = Sample.noise(min(pieceLength, length - index * pieceLength))
                    try file.writeAll(toAbsoluteOffset: Int64(index * pieceLength), piece)
                }
            }
            try withInput(kernel) { input in
                try ImageWriter(inputs: [input]).write(image(of: input).layOut(), to: output)
            }
            let areSame = try Array(read(output)[(2056 * 512)...].prefix(length)) == read(kernel)
            #expect(areSame)
            let (used, needed) = (
                try output.stat().sizeAllocated, try kernel.stat().sizeAllocated
            )
            #expect(used <= needed + (64 << 10))
        }
    }

    /// Cuts around the writer's buffer, blocks and sectors.
    @Test(arguments: [0, 1, 64, 511, 4096, 131_008, 131_072, 200_001])
    func piecesFollowOneAnother(cut: Int) async throws {
        try await withTemporaryFolder { folder in
            let (kernel, output) = (folder.appending("kernel.elf"), folder.appending("out.img"))
            let (whole, made) = (Sample.noise(300_000), Sample.noise(77, seed: 2))
            try write(whole, to: kernel)
            let parts = [
                Content.bytes(made),
                .input(index: 0, offset: count(cut), length: count(50_000)),
                .joined([.bytes([]), .bytes(made), .input(index: 0, length: count(cut))]),
                .input(index: 0, offset: count(299_999), length: count(1)),
            ]
            let file = EFIImage.File(path: "KERNEL", content: .joined(parts))
            let layout = try EFIImage(files: [file], identity: Sample.identity).layOut()
            try withInput(kernel) { input in
                try ImageWriter(inputs: [input]).write(layout, to: output)
            }
            let expected =
                made + whole[cut..<cut + 50_000] + made + whole.prefix(cut) + whole.suffix(1)
            let extent = try #require(layout["KERNEL"])
            let start = Int(layout.sectorSize.offset(of: extent.start).value)
            #expect(extent.content.byteCount == ByteCount(of: expected))
            let areSame = try Array(read(output)[start...].prefix(expected.count)) == expected
            #expect(areSame)
        }
    }

    private func count(_ value: Int) -> ByteCount { ByteCount(UInt64(value)) }

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
