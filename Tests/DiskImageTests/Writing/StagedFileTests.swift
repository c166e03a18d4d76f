import DiskImage
import SystemPackage
import TestSupport
import Testing

/// Files that others write before they take an output's place.
struct StagedFileTests {
    @Test func `the output is the old file until it is replaced`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            try write([1], to: output)
            var file = try StagedFile(for: output)
            try file.write([2, 3])
            try file.write([4], at: 3)
            try write([9], to: FilePath(file.path.string))
            #expect(try read(output) == [1])
            #expect(file.path.removingLastComponent() == folder)
            try file.replaceOutput()
            #expect(try read(output) == [9])
            #expect(try names(in: folder) == ["output"])
        }
    }

    @Test func `a file that is given up vanishes`() async throws {
        try await withTemporaryFolder { folder in
            do {
                let file = try StagedFile(for: folder.appending("output"))
                try file.write([1])
                let other = try StagedFile(for: folder.appending("output"))
                #expect(try names(in: folder).count == 2)
                #expect(other.path != file.path)
            }
            #expect(try names(in: folder) == [])
        }
    }

    @Test func `an input and a folder are refused`() async throws {
        try await withTemporaryFolder { folder in
            let input = folder.appending("input")
            try write([1], to: input)
            #expect(throws: WriteError.outputNotAFile(path: folder)) {
                _ = try StagedFile(for: folder)
            }
            try withInput(input) { file in
                _ = #expect(throws: WriteError.outputIsInput(output: input, input: input)) {
                    _ = try StagedFile(for: input, inputs: [file])
                }
            }
            #expect(try names(in: folder) == ["input"])
        }
    }

    @Test func `an image is written into it`() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("output")
            var file = try StagedFile(for: output)
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
