import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ELFKit

/// `verify` and signed images: a file that is not what was signed is told.
@Suite(.needs("clang", "ld.lld", "openssl", "sbsign", "mcopy", "mdel", "sbattach"))
struct SignedImageVerifyTests {
    struct Change: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var code: String
        var words: String
        /// With the image's volume as mtools takes it, and a folder for files.
        var make: @Sendable (_ volume: String, _ folder: FilePath) async throws -> Void
    }

    static let changes = [
        Change(
            testDescription: "another boot.json", code: "loader-digests", words: "/boot.json"
        ) { volume, folder in try await put("{}", "boot.json", volume, folder) },
        Change(
            testDescription: "another RAM disk", code: "loader-digests", words: "/ramdisk"
        ) { volume, folder in try await put("other", "ramdisk", volume, folder) },
        Change(
            testDescription: "another command line", code: "loader-digests", words: "/parameters"
        ) { volume, folder in try await put("other\n", "parameters", volume, folder) },
        Change(
            testDescription: "a module more", code: "loader-digests", words: "/module-2"
        ) { volume, folder in try await put("other", "module-2", volume, folder) },
        Change(
            testDescription: "no RAM disk", code: "loader-digests", words: "digest of no file"
        ) { volume, _ in try await Tool(name: "mdel").succeed(["-i", volume, "::ramdisk"]) },
        Change(
            testDescription: "a loader without a signature", code: "loader-signature",
            words: "signature missing"
        ) { volume, folder in
            try await changeLoader(volume, folder) { loader in
                try await Tool(name: "sbattach").succeed(["--remove", loader])
            }
        },
        Change(
            testDescription: "a byte of the loader changed", code: "loader-signature",
            words: "signature of other bytes"
        ) { volume, folder in
            try await changeLoader(volume, folder) { loader in
                var bytes = try read(FilePath(loader))
                bytes[0x500] ^= 1
                try write(bytes, to: FilePath(loader))
            }
        },
    ]

    @Test(arguments: changes)
    func `a change is found`(_ change: Change) async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let image = folder.appending("disk.img").string
            let ramdisk = folder.appending("ramdisk")
            try write("bytes".utf8, to: ramdisk)
            let configuration = folder.appending("boot.json")
            try write(#"{"on_failure": 3}"#.utf8, to: configuration)
            try await Project.bootimage.succeed(
                [
                    "build", kernel.string, "--firmware", "uefi", "-o", image,
                    "--ramdisk", ramdisk.string, "--boot-config", configuration.string,
                    "--command-line", "quiet", "--module", ramdisk.string,
                ] + keys.signingOptions)
            try await Project.bootimage("verify", image).expectSuccess()
            try await change.make("\(image)@@1M", folder)
            let verdict = try await Project.bootimage("verify", image)
            #expect(verdict.exitCode == 65)
            #expect(
                verdict.lines.contains {
                    // The short names that mtools writes are capitals.
                    $0.hasSuffix("[\(change.code)]") && $0.lowercased().contains(change.words)
                }, "\(verdict.text)")
        }
    }

    @Test func `a file that nobody signed is told`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let image = folder.appending("disk.img").string
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "uefi", "-o", image] + keys.signingOptions)
            try await Self.put("{}", "boot.json", "\(image)@@1M", folder)
            let verdict = try await Project.bootimage("verify", image)
            #expect(verdict.says("must be none: the signed loader has none of such a file"))
        }
    }

    private static func put(
        _ text: String, _ name: String, _ volume: String, _ folder: FilePath
    ) async throws {
        let file = folder.appending("new")
        try write(text.utf8, to: file)
        try await Tool(name: "mcopy").succeed(["-o", "-i", volume, file.string, "::\(name)"])
    }

    private static func changeLoader(
        _ volume: String, _ folder: FilePath, _ change: (String) async throws -> Void
    ) async throws {
        let loader = folder.appending("loader.efi").string
        let place = "::/EFI/BOOT/BOOTX64.EFI"
        try await Tool(name: "mcopy").succeed(["-o", "-i", volume, place, loader])
        try await change(loader)
        try await Tool(name: "mcopy").succeed(["-o", "-i", volume, loader, place])
    }
}
