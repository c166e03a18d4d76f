import BootImageKit
import DiskImage
import ELFKit
import HostSystem
import SystemPackage
import TestSupport
import Testing

/// `BootImage.inspect` and `BootImage.verify`: what the library's users get.
@Suite(.needs("clang", "ld.lld"))
struct LibraryInspectionTests {
    @Test func `the library's reports are the tool's, byte for byte`() async throws {
        try await InspectImageTests.withImage(["--firmware", "hybrid"]) { folder, image in
            let kernel = folder.appending("kernel.elf").string
            for file in [image.string, kernel] {
                let output = try await Project.bootimage.succeed(["inspect", "--json", file]).output
                #expect(JSON.text(try BootImage.inspect(file)) + "\n" == output)
            }
            let output = try await Project.bootimage.succeed(["verify", "--json", image.string])
            #expect(JSON.text(try BootImage.verify(image.string)) + "\n" == output.output)
        }
    }

    @Test func `images and kernels are distinguished`() async throws {
        try await InspectImageTests.withImage(["--firmware", "uefi"]) { folder, image in
            guard case .image(let found) = try BootImage.inspect(image.string) else {
                Issue.record("not an image")
                return
            }
            #expect(found.errorCount == 0 && found.kernels.map(\.isLoadable) == [true])
            #expect(found.map.partitions.map(\.typeName) == ["EFI system"])
            let kernel = folder.appending("kernel.elf").string
            guard case .kernel(let inspection) = try BootImage.inspect(kernel) else {
                Issue.record("not a kernel")
                return
            }
            #expect(inspection.isLoadable && inspection.file == kernel)
        }
    }

    @Test func `errors name the file and the cause`() async throws {
        try await withTemporaryFolder { folder in
            let missing = folder.appending("none")
            #expect(throws: InspectionError.cannotOpen(missing, .noSuchFileOrDirectory)) {
                try BootImage.inspect(missing.string)
            }
            #expect(throws: InspectionError.cannotOpen(missing, .noSuchFileOrDirectory)) {
                try BootImage.verify(missing.string)
            }
            #expect(throws: InspectionError.notAFile(folder)) {
                try BootImage.verify(folder.string)
            }
            let error = #expect(throws: InspectionError.self) {
                try BootImage.inspect(folder.string)
            }
            guard case .kernel(let cause) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(cause.problem.rule == .fileRegular)
        }
    }

    @Test(arguments: [
        (PackedForm.gzip, [0x1F, 0x8B] as [UInt8]), (.zstd, [0x28, 0xB5, 0x2F, 0xFD]),
        (.xz, [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]), (.qcow2, Array("QFI".utf8) + [0xFB]),
    ])
    func `packed files are refused, boot sectors with their marks are not`(
        _ form: PackedForm, _ mark: [UInt8]
    ) async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("file")
            var bytes = mark + [UInt8](repeating: 0, count: (1 << 20) - mark.count)
            try write(bytes, to: file)
            #expect(throws: InspectionError.packed(file, form)) {
                try BootImage.inspect(file.string)
            }
            (bytes[510], bytes[511]) = (0x55, 0xAA)
            try write(bytes, to: file)
            guard case .image = try BootImage.inspect(file.string) else {
                Issue.record("not an image")
                return
            }
        }
    }
}
