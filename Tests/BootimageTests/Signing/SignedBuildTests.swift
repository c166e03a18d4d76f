import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit
@testable import GuestKit

/// `build --sign-key --sign-cert`: the loader is signed, and everything else is as before.
@Suite(.needs("clang", "ld.lld", "openssl", "sbsign", "sbverify", "mcopy"))
struct SignedBuildTests {
    @Test func `the loader's signature is good, and the image is sound`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let image = folder.appending("disk.img").string
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "uefi", "-o", image] + keys.signingOptions)
            let loader = try await Self.loader(of: image, in: folder)
            let sbverify = Tool(name: "sbverify")
            let verdict = try await sbverify("--cert", keys.identity.certificate.string, loader)
            #expect(verdict.exitCode == 0 && verdict.says("Signature verification OK"))
            let other = keys.file(.platform, .certificate).string
            #expect(try await sbverify("--cert", other, loader).exitCode != 0)
            try await Project.bootimage("verify", image).expectSuccess()
            // Nobody has been asked to sign it: there is nothing to verify.
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "uefi", "-o", image])
            let plain = try #require(
                PEImage(read(FilePath(try await Self.loader(of: image, in: folder)))))
            #expect(plain.certificates.isEmpty && LoaderDigests(in: plain) == nil)
        }
    }

    @Test func `the digests are those that sha256sum tells`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let files = ["kernel": kernel, "ramdisk": folder.appending("ramdisk")]
            try write(repeatElement(9, count: 2_000_001), to: folder.appending("ramdisk"))
            let served = folder.appending("served")
            try await Project.bootimage.succeed(
                [
                    "build", kernel.string, "--keep-debug-info", "--ramdisk",
                    folder.appending("ramdisk").string, "--pxe-directory", served.string,
                ] + keys.signingOptions)
            let loader = try #require(PEImage(read(served.appending("BOOTX64.EFI"))))
            let digests = try #require(LoaderDigests(in: loader)).digests
            #expect(digests[.bootConfiguration] == nil && digests.count == 2)
            for (role, name) in [(FileRole.kernel, "kernel"), (.ramdisk, "ramdisk")] {
                let path = try #require(files[name])
                let sum = try await Tool(name: "sha256sum").succeed([path.string]).output
                let text = digests[role]?.map { String(format: "%02x", $0) }.joined()
                #expect(sum.prefix(64) == text ?? "")
            }
        }
    }

    @Test func `the same inputs give the same bytes, at another time too`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            var (images, loaders): ([[UInt8]], [[UInt8]]) = ([], [])
            for epoch in ["", "", "1700000000"] {
                let image = folder.appending("disk.img")
                let verdict = try await Project.bootimage.run(
                    ["build", kernel.string, "--firmware", "uefi", "-o", image.string]
                        + keys.signingOptions, environment: ["SOURCE_DATE_EPOCH": epoch])
                #expect(verdict.exitCode == 0, "\(verdict.text)")
                images.append(try read(image))
                loaders.append(
                    try read(FilePath(try await Self.loader(of: image.string, in: folder))))
                let now = Date.now
                while Int(Date.now.timeIntervalSince1970) == Int(now.timeIntervalSince1970) {
                    try await Task.sleep(for: .milliseconds(50))
                }
            }
            let isSame = images[0] == images[1]
            #expect(isSame)
            let checksum = try #require(PEImage(loaders[2])).bytesWithChecksum
            #expect(loaders.map(\.count) == [Int](repeating: loaders[2].count, count: 3))
            #expect(checksum == loaders[2])
            #expect(images[0].firstRange(of: Array("800101000000Z".utf8)) != nil)
            #expect(images[2].firstRange(of: Array("231114221320Z".utf8)) != nil)
        }
    }

    @Test func `other content and another key give other identifiers`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            var identifiers: Set<[UInt8]> = []
            for options in [[], keys.signingOptions] {
                let image = folder.appending("disk.img")
                try await Project.bootimage.succeed(
                    ["build", kernel.string, "--firmware", "uefi", "-o", image.string] + options)
                identifiers.insert(Array(try read(image)[512 + 56..<512 + 72]))
            }
            #expect(identifiers.count == 2)
        }
    }

    @Test func `bootimage.toml names key and certificate`() async throws {
        try await withKernelAndKeys { folder, kernel, keys in
            let file = folder.appending("bootimage.toml")
            try write(
                "sign-key = \"keys/db.key\"\nsign-cert = \"keys/db.pem\"\nfirmware = \"uefi\"".utf8,
                to: file)
            try await Project.bootimage.succeed(["build", kernel.string, "--config", file.string])
            let image = folder.appending("bootimage-kernel.uefi.img").string
            let loader = try await Self.loader(of: image, in: folder)
            try await Tool(name: "sbverify").succeed([
                "--cert", keys.identity.certificate.string, loader,
            ])
            // What nobody can sign is built without.
            try await Project.bootimage(
                "build", kernel.string, "--config", file.string,
                "--firmware", "bios"
            ).expectSuccess()
        }
    }

    @Test func `a BIOS image beside it is told to be unsigned`() async throws {
        try await withKernelAndKeys { _, kernel, keys in
            let verdict = try await Project.bootimage.run(
                ["build", kernel.string] + keys.signingOptions)
            #expect(verdict.exitCode == 0)
            #expect(verdict.error.contains("bootimage-kernel.bios.img: not signed"))
        }
    }

    /// Takes the loader out of an image.
    static func loader(of image: String, in folder: FilePath) async throws -> String {
        let loader = folder.appending("loader.efi").string
        try await Tool(name: "mcopy").succeed([
            "-o", "-i", "\(image)@@1M", "::/EFI/BOOT/BOOTX64.EFI", loader,
        ])
        return loader
    }
}
