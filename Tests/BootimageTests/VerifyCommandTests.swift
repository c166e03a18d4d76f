import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit

/// `bootimage verify`: the report, its JSON form and the exit code.
@Suite(.needs("clang", "ld.lld"))
struct VerifyCommandTests {
    @Test(
        arguments: [
            (["--firmware", "bios"], "MBR"),
            (["--firmware", "uefi"], "GPT, sectors of 512 bytes"),
            (["--firmware", "uefi", "--sector-size", "4096"], "GPT, sectors of 4096 bytes"),
            (["--firmware", "bios", "--keep-debug-info"], "MBR"),
        ])
    func `what build writes is sound`(_ options: [String], _ kind: String) async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("disk.img").string
            let ramdisk = folder.appending("ramdisk").string
            try write(repeatElement(7, count: 3 << 20), to: FilePath(ramdisk))
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--ramdisk", ramdisk, "--output", image] + options)
            let verdict = try await Project.bootimage("verify", image)
            verdict.expectSuccess()
            #expect(verdict.output.hasPrefix("\(image): sound\n\n\(kind)\n"), "\(verdict.output)")
        }
    }

    @Test func `the user's own files are known`() async throws {
        try await withKernel { folder, kernel in
            let empty = folder.appending("empty")
            try write([], to: empty)
            let image = folder.appending("disk.img").string
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "uefi", "--output", image, "--file",
                "b/ü=\(empty)", "--file", "B/Read me.txt=\(kernel)",
            ])
            let verdict = try await Project.bootimage("verify", image)
            verdict.expectSuccess()
            #expect(verdict.says("  /b/Read me.txt\n"), "\(verdict.output)")
        }
    }

    @Test func `a damaged image is told from a sound one`() async throws {
        try await withImage { _, image in
            var bytes = try read(image)
            bytes[512 + 56] ^= 1
            try write(bytes, to: image)
            let verdict = try await Project.bootimage("verify", image.string)
            #expect(verdict.exitCode == 65)
            #expect(verdict.error == "")
            #expect(
                verdict.output.hasPrefix(
                    "\(image): not sound\n  error: GPT header at offset 0x210: "))
            #expect(verdict.says("[gpt-header-checksum]"))
        }
    }

    @Test func `a kernel that cannot be loaded is told`() async throws {
        try await withImage { _, image in
            var bytes = try read(image)
            let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1]
            let start = try #require(bytes.firstRange(of: magic)).lowerBound
            bytes[start + 18] = 183
            try write(bytes, to: image)
            let verdict = try await Project.bootimage("verify", image.string)
            #expect(verdict.exitCode == 65)
            #expect(verdict.says("is for AArch64") && verdict.says("[payload-loadable]"))
        }
    }

    @Test func `JSON says the same`() async throws {
        try await withImage { _, image in
            var bytes = try read(image)
            bytes[511] = 0
            try write(bytes, to: image)
            let verdict = try await Project.bootimage("verify", "--json", image.string)
            #expect(verdict.exitCode == 65)
            let report = try JSONDecoder().decode(Report.self, from: Data(verdict.output.utf8))
            #expect(report.file == image.string && report.size == bytes.count && !report.sound)
            #expect(report.format == "GPT, sectors of 512 bytes")
            let finding = try #require(report.findings.first)
            #expect(finding.code == "mbr-signature" && finding.severity == "error")
            #expect(finding.offset == "0x1fe" && finding.found == "0x55")
            #expect(report.contents.map(\.name).contains("/kernel-x86_64"))
        }
    }

    private struct Report: Decodable {
        struct Finding: Decodable {
            let severity, code, message, place, offset, field, found, allowed, remedy: String
        }
        struct Part: Decodable {
            let name, offset: String
            let size: Int
        }
        let file: String
        let size: Int
        let format: String?
        let sound: Bool
        let findings: [Finding]
        let contents: [Part]
    }

    @Test func `what cannot be read has no report`() async throws {
        try await withTemporaryFolder { folder in
            try await Project.bootimage("verify", "\(folder)/none")
                .expectRefusal(66, saying: "\(folder)/none")
            try await Project.bootimage("verify", folder.string)
                .expectRefusal(65, saying: folder.string, "specify an image")
            let file = folder.appending("file")
            try write([1, 2, 3, 4], to: file)
            let verdict = try await Project.bootimage("verify", file.string)
            #expect(verdict.exitCode == 65 && verdict.says("[image-size]"))
        }
    }

    /// A UEFI image of a kernel alone in a folder.
    private func withImage(
        _ body: (_ folder: FilePath, _ image: FilePath) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("disk.img")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "uefi", "--output", image.string,
            ])
            try await body(folder, image)
        }
    }
}
