import Foundation
import SystemPackage
import TestSupport
import Testing

/// What run and test make of kernels for AArch64 on AAVMF.
@Suite(.needs("clang", "ld.lld", "qemu-system-aarch64"))
struct AArch64CommandTests {
    /// A definition for semihosting.S, and the verdict.
    static let endings: [(definition: String, verdict: String)] = [
        ("STATUS=0", "passed"), ("STATUS=7", "failed"), ("PSCI=8", "passed"), ("PSCI=9", "reset"),
    ]

    @Test func `each ending has its verdict`() async throws {
        try await withTemporaryFolder { folder in
            var files: [String] = []
            for (definition, _) in Self.endings {
                let name = "\(definition).elf"
                files.append(
                    try await SemihostingKernel.build(
                        named: name, definitions: [definition], in: folder
                    ).string)
            }
            let run = try await TestRun.of(files)
            for (definition, verdict) in Self.endings {
                let result = try #require(run.results.first { $0.name == definition })
                #expect(result.verdict == verdict, "\(result.message)")
                #expect(result.firmware == "uefi")
            }
        }
    }

    @Test(arguments: [
        ["--disk", "nvme"], ["--disk", "usb"], ["--sector-size", "4096"], ["--memory", "6G"],
    ])
    func `a machine of another kind boots as well`(_ options: [String]) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SemihostingKernel.build(definitions: ["STATUS=7"], in: folder)
            let verdict = try await BootSlots.shared.run {
                try await Project.bootimage.run(
                    ["run", kernel.string, "--headless", "--timeout", "\(patience)"] + options
                        + ["--", "-semihosting"])
            }
            #expect(verdict.exitCode == 7, "\(verdict.text)")
        }
    }

    private static func imageForBoth(
        _ firmware: String, status: Int = 7, in folder: FilePath
    ) async throws -> FilePath {
        let x86 = try await SampleKernel(source: "hello.S", shape: .higherHalf)
            .build(in: folder)
        let arm = try await SemihostingKernel.build(
            definitions: ["STATUS=\(status)"], in: folder)
        let image = folder.appending("both.img")
        try await Project.bootimage.succeed([
            "build", x86.string, arm.string, "--firmware", firmware, "-o", image.string,
        ])
        return image
    }

    @Test(.needs("qemu-system-x86_64"))
    func `test boots an image for all on all`() async throws {
        try await withTemporaryFolder { folder in
            let image = try await Self.imageForBoth("hybrid", status: 0, in: folder)
            let run = try await TestRun.of([image.string])
            #expect(
                run.results.map { "\($0.name) \($0.firmware) \($0.verdict)" }.sorted() == [
                    "both bios passed", "both uefi passed", "both-aarch64 uefi passed",
                ])
        }
    }

    @Test func `a virt has no BIOS`() async throws {
        try await withTemporaryFolder { folder in
            let image = try await Self.imageForBoth("hybrid", in: folder)
            let verdict = try await Project.bootimage.run(
                ["run", image.string, "--machine", "virt", "--firmware", "bios"])
            #expect(verdict.exitCode == 64)
            #expect(
                verdict.error.hasSuffix(
                    "targets AArch64, which has none; use --firmware uefi\n"),
                "\(verdict.text)")
        }
    }

    @Test(
        .needs("qemu-system-x86_64"),
        arguments: [
            ("virt", "-semihosting", Int32(7)),
            ("q35", "-device isa-debug-exit,iobase=0xf4,iosize=0x04", 33),
        ], ["uefi", "hybrid"])
    func `an image for both architectures boots on both`(
        _ row: (machine: String, options: String, status: Int32), _ firmware: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let (machine, options, status) = row
            let image = try await Self.imageForBoth(firmware, in: folder)
            let verdict = try await BootSlots.shared.run {
                try await Project.bootimage.run(
                    [
                        "run", image.string, "--headless", "--timeout", "\(patience)", "--machine",
                        machine,
                    ]
                        + ["--"] + options.split(separator: " ").map(String.init))
            }
            #expect(verdict.exitCode == status, "\(verdict.text)")
        }
    }
}
