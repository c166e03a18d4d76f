import DiskImage
import HostSystem
import SystemPackage
import TestSupport
import Testing

/// Files that other programs write before they replace an output.
struct StagedOutputTests {
    @Test func `an input and a folder are refused`() async throws {
        try await withTemporaryFolder { folder in
            let input = folder.appending("input")
            try write([1], to: input)
            #expect(throws: WriteError.outputNotAFile(path: folder)) {
                _ = try ImageWriter().stage(folder)
            }
            try withInput(input) { file in
                _ = #expect(throws: WriteError.outputIsInput(output: input, input: input)) {
                    _ = try ImageWriter(inputs: [file]).stage(input)
                }
            }
            #expect(try names(in: folder) == ["input"])
        }
    }

    @Test func `an image is written into it`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            var file = try ImageWriter().stage(output)
            let layout = ImageLayout(
                sectorSize: .bytes512, size: SectorCount(4),
                extents: [Extent("a", at: LBA(2), .bytes([5]))])
            try ImageWriter().write(layout, into: file)
            try file.replaceOutput()
            var bytes = [UInt8](repeating: 0, count: 2048)
            bytes[1024] = 5
            #expect(try read(output) == bytes)
        }
    }
}
