import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What is written instead, or refused, when the output or an input is not a plain file at rest.
@Suite struct OutputRefusalTests {
    private let old = Array("the old image".utf8)

    @Test(arguments: ["", "/", "/dev/null", "/dev", "..", "."] as [FilePath])
    func folderOrDeviceIsRefused(output: FilePath) {
        #expect(throws: WriteError.outputNotAFile(path: output)) {
            try ImageWriter().write(Sample.biosImage.layOut(), to: output)
        }
    }

    @Test(.needs("mkfifo")) func pipeIsRefused() async throws {
        try await withTemporaryFolder { folder in
            let pipe = folder.appending("pipe")
            let verdict = try await Tool(name: "mkfifo")(pipe.string)
            #expect(verdict.exitCode == 0)
            #expect(throws: WriteError.outputNotAFile(path: pipe)) {
                try ImageWriter().write(Sample.biosImage.layOut(), to: pipe)
            }
        }
    }

    @Test func missingFolderIsNamed() async throws {
        try await withTemporaryFolder { folder in
            let output = folder.appending("missing").appending("out.img")
            let error = #expect(throws: WriteError.self) {
                try ImageWriter().write(Sample.biosImage.layOut(), to: output)
            }
            guard case .failed(.createTemporary, _, .noSuchFileOrDirectory) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test func outputThatIsAnInputIsRefused() async throws {
        try await withTemporaryFolder { folder in
            let kernel = folder.appending("kernel.elf")
            let output = folder.appending("out.img")
            try write(old, to: kernel)
            try FileManager.default.linkItem(atPath: kernel.string, toPath: output.string)
            try expectRefusal(.outputIsInput(output: output, input: kernel), input: kernel, output)
            #expect(try read(output) == old)
        }
    }

    @Test(arguments: [0, 1])
    func shortInputIsRefused(offset: Int) async throws {
        try await withOldImage { kernel, output in
            try expectRefusal(
                .inputTooShort(
                    path: kernel, found: ByteCount(of: old), needed: ByteCount(of: old + [0])),
                input: kernel, from: offset, length: old.count + 1 - offset, output)
        }
    }

    @Test func inputThatChangesIsRefused() async throws {
        try await withOldImage { kernel, output in
            try expectRefusal(.inputChanged(path: kernel), input: kernel, output) {
                try write(old + old, to: kernel)
            }
        }
    }

    @Test func inputOfAnotherTimeIsRefused() async throws {
        try await withOldImage { kernel, output in
            try expectRefusal(.inputChanged(path: kernel), input: kernel, output) {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: kernel.string
                )
            }
        }
    }

    /// A kernel, and an output that must hold the old image at the end, alone beside the kernel.
    private func withOldImage(_ body: (FilePath, FilePath) throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let (kernel, output) = (folder.appending("kernel.elf"), folder.appending("out.img"))
            try write(old, to: kernel)
            try write(old, to: output)
            try body(kernel, output)
            #expect(try read(output) == old)
            #expect(try names(in: folder) == ["kernel.elf", "out.img"])
        }
    }

    private func expectRefusal(
        _ expected: WriteError, input path: FilePath, from offset: Int = 0, length: Int? = nil,
        _ output: FilePath,
        after change: () throws -> Void = {}
    ) throws {
        let content = Content.input(
            index: 0, offset: ByteCount(UInt64(offset)),
            length: ByteCount(UInt64(length ?? old.count)))
        let layout = ImageLayout(
            sectorSize: .bytes512, size: SectorCount(2048),
            extents: [Extent("kernel", at: LBA(8), content)])
        try withInput(path) { input in
            try change()
            #expect(throws: expected) {
                try ImageWriter(inputs: [input]).write(layout, to: output)
            }
        }
        #expect(!expected.description.contains("\n"))
    }
}
