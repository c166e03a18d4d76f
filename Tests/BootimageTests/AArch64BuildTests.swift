import Foundation
import SystemPackage
import TestSupport
import Testing

/// Images of kernels for AArch64, and for both architectures.
@Suite(.needs("clang", "ld.lld"))
struct AArch64BuildTests {
    private static let loader = Project.root.appending("Bootloader/Prebuilt/BOOTAA64.EFI")

    private func extract(_ name: String, from image: FilePath) async throws -> [UInt8] {
        let output = image.removingLastComponent().appending("extracted")
        defer { try? FileManager.default.removeItem(atPath: output.string) }
        try await Project.bootimage.succeed([
            "inspect", image.string, "--extract", name, "--output", output.string,
        ])
        return try read(output)
    }

    @Test func `the image for UEFI alone is written, sound and with the right loader`() async throws
    {
        try await withTemporaryFolder { folder in
            let kernel = try await SemihostingKernel.build(in: folder)
            let verdict = try await Project.bootimage.succeed(["build", kernel.string])
            let image = folder.appending("bootimage-arm.uefi.img")
            #expect(verdict.text == "\(image)\n")
            #expect(try await extract("EFI/BOOT/BOOTAA64.EFI", from: image) == read(Self.loader))
            #expect(try await extract("kernel-aarch64", from: image) == read(kernel))
            #expect(try await extract("kernel", from: image) == read(kernel))
            try await Project.bootimage.succeed(["verify", image.string])
            let report = try await Project.bootimage.succeed(["inspect", "--json", image.string])
            #expect(report.says(#""machine": "aarch64""#))
            #expect(!report.says("BOOTX64"))
        }
    }

    @Test(arguments: [
        (["--firmware", "bios"], ("BIOS", "")),
        (["--firmware", "hybrid"], ("BIOS, too", ", or add a kernel for x86-64")),
        (["--format", "iso"], ("BIOS, too", ", or add a kernel for x86-64")),
    ])
    func `what starts on a BIOS is refused, and nothing is written`(
        _ options: [String], _ words: (purpose: String, remedy: String)
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SemihostingKernel.build(in: folder)
            let verdict = try await Project.bootimage.run(["build", kernel.string] + options)
            #expect(verdict.exitCode == 64)
            #expect(
                verdict.error == "bootimage: \(options.joined(separator: " ")) boots on "
                    + "\(words.purpose), and \(kernel) is for AArch64, which has no BIOS; "
                    + "use --firmware uefi\(words.remedy)\n")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(!files.contains { $0.hasSuffix(".img") || $0.hasSuffix(".iso") })
        }
    }

    @Test func `two kernels are in one image, which is sound`() async throws {
        try await withKernel { folder, kernel in
            let arm = try await SemihostingKernel.build(in: folder)
            let image = folder.appending("both.img")
            let manifest = folder.appending("both.json")
            try await Project.bootimage.succeed([
                "build", kernel.string, arm.string, "--firmware", "uefi", "-o", image.string,
                "--manifest", manifest.string,
            ])
            #expect(try await extract("kernel-x86_64", from: image) == read(kernel))
            #expect(try await extract("kernel-aarch64", from: image) == read(arm))
            #expect(try await extract("EFI/BOOT/BOOTAA64.EFI", from: image) == read(Self.loader))
            try await Project.bootimage.succeed(["verify", image.string])
            let text = String(decoding: try read(manifest), as: UTF8.self)
            #expect(text.matches(of: /"architecture": "aarch64"/).count == 2)
            #expect(text.matches(of: /"architecture": "x86_64"/).count == 2)
        }
    }

    @Test func `a hybrid image and a disc take both kernels, and the BIOS loader its own`()
        async throws
    {
        try await withKernel { folder, kernel in
            let arm = try await SemihostingKernel.build(in: folder)
            try await Project.bootimage.succeed([
                "build", arm.string, kernel.string, "--firmware", "hybrid", "--format", "raw",
                "--format", "iso", "--name", "both", "--output-directory", folder.string,
            ])
            for name in ["bootimage-both.hybrid.img", "bootimage-both.iso"] {
                let image = folder.appending(name)
                try await Project.bootimage.succeed(["verify", image.string])
                #expect(try await extract("kernel-x86_64", from: image) == read(kernel))
                #expect(try await extract("kernel-aarch64", from: image) == read(arm))
            }
            let bios = try await Project.bootimage.run([
                "build", arm.string, kernel.string, "--firmware", "bios",
            ])
            #expect(bios.exitCode == 64)
        }
    }

    @Test func `a kernel under the other architecture's name is told`() async throws {
        try await withKernel { folder, kernel in
            let arm = try await SemihostingKernel.build(in: folder)
            let image = folder.appending("both.img")
            try await Project.bootimage.succeed([
                "build", kernel.string, arm.string, "--firmware", "uefi", "-o", image.string,
            ])
            var bytes = try read(image)
            let start = try #require(bytes.firstRange(of: try read(arm).prefix(64)))
            // e_machine
            bytes[start.lowerBound + 18] = 62
            try write(bytes, to: image)
            let verdict = try await Project.bootimage.run(["verify", image.string])
            #expect(verdict.exitCode == 65)
            #expect(
                verdict.says("kernel one that is for x86-64, must be loadable"), "\(verdict.text)")
        }
    }

    @Test func `one TFTP folder takes both, one after the other`() async throws {
        try await withKernel { folder, kernel in
            let arm = try await SemihostingKernel.build(in: folder)
            let served = folder.appending("served")
            for file in [arm, kernel] {
                try await Project.bootimage.succeed([
                    "build", file.string, "--pxe-directory", served.string,
                ])
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: served.string)
            #expect(
                files.sorted() == [
                    "BOOTAA64.EFI", "BOOTX64.EFI", "kernel-aarch64", "kernel-x86_64",
                ])
            #expect(try read(served.appending("BOOTAA64.EFI")) == read(Self.loader))
        }
    }
}
