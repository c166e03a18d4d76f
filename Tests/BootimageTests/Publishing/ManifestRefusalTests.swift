import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit
@testable import FlashKit
@testable import GuestKit
@testable import HostSystem

/// `--manifest` where something is wrong.
@Suite(.needs("clang", "ld.lld"))
struct ManifestRefusalTests {
    @Test func `a place where it cannot be is refused before anything is written`() async throws {
        try await withKernel { folder, kernel in
            let folders = ["missing": 73, "kernel.elf": 73]
            for (name, status) in folders {
                let manifest = "\(folder)/\(name)/m.json"
                let verdict = try await Project.bootimage(
                    "build", kernel.string, "-o", "\(folder)/\(name)/a.img", "--firmware", "bios",
                    "--manifest", manifest)
                verdict.expectRefusal(Int32(status), saying: name)
            }
            try await Project.bootimage("build", kernel.string, "--manifest", kernel.string)
                .expectRefusal(73, saying: "it is the input")
            try await Project.bootimage("build", kernel.string, "--manifest", folder.string)
                .expectRefusal(73, saying: "it is a folder")
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `a dry run writes none`() async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage(
                "build", kernel.string, "--manifest", "\(folder)/m.json", "--format", "vdi",
                "--dry-run"
            ).expectSuccess()
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `odd names are in the checksums as sha256sum reads them`() async throws {
        for name in ["two\nlines.elf", "back\\slash", "kärnel", "a b"] {
            try await withKernel(named: name) { folder, _ in
                let build = try await Project.bootimage.run(
                    ["build", "./\(name)", "--firmware", "bios", "--manifest", "m"],
                    workingDirectory: folder)
                #expect(build.exitCode == 0, "\(build.text)")
                let check = try await Tool(name: "sha256sum").run(
                    ["--check", "--strict", "SHA256SUMS"], workingDirectory: folder)
                #expect(check.exitCode == 0 && check.lines.count == 2, "\(check.text)")
            }
        }
    }

    /// GNU time counts in KiB.
    @Test(.needs("time", "truncate"))
    func `memory does not grow with the payload`() async throws {
        try await withKernel { folder, kernel in
            var peaks: [Int] = []
            for mebibytes in [1, 48] {
                try await Tool(name: "truncate").succeed([
                    "--size=\(mebibytes)M", "\(folder)/ramdisk",
                ])
                let verdict = try await Tool(name: "time").succeed([
                    "-f", "%M", Project.bootimage.name, "build", kernel.string,
                    "--ramdisk", "\(folder)/ramdisk", "--firmware", "bios", "--quiet",
                    "--manifest", "\(folder)/m.json",
                ])
                peaks.append(try #require(Int(verdict.error.filter(\.isNumber))))
            }
            #expect(peaks[1] < peaks[0] + 4096, "\(peaks) KiB")
        }
    }
}
