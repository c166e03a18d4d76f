import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels that QEMU starts itself, by `--direct`: each form of file, and what the kernel finds.
@Suite(.needs("clang", "ld.lld", "llvm-objcopy", "qemu-system-x86_64", "qemu-system-aarch64"))
struct DirectTests {
    /// Runs a guest that ends by itself.
    private static func run(_ words: [String]) async throws -> Tool.Verdict {
        try await BootSlots.shared.run {
            try await Project.bootimage.run(
                words + ["--direct", "--headless", "--timeout", "\(patience)"])
        }
    }

    @Test func `an Image for AArch64 gets command line and RAM disk`() async throws {
        try await withTemporaryFolder { folder in
            let (_, image) = try await DirectSample.image(in: folder)
            let ramdisk = folder.appending("ram disk").string
            try Data("hello\n".utf8).write(to: URL(filePath: ramdisk))
            let verdict = try await Self.run([
                "run", image, "--command-line", "quiet x=1", "--ramdisk", ramdisk,
            ])
            #expect(verdict.exitCode == 33 && verdict.error == "", "\(verdict.text)")
            for line in [
                "start: 0x0000000040200000", "tree magic: 0x00000000d00dfeed",
                "bootargs: quiet x=1", "linux,initrd-start: 0x0000000048000000",
                "linux,initrd-end: 0x0000000048000006",
            ] {
                #expect(verdict.output.contains(line + "\n"), "\(verdict.text)")
            }
            #expect(try DirectSample.names(in: folder).allSatisfy { !$0.contains("bootimage-") })
        }
    }

    @Test func `an ELF file for AArch64 starts at its entry point`() async throws {
        try await withTemporaryFolder { folder in
            let (kernel, _) = try await DirectSample.image(in: folder)
            let verdict = try await Self.run(["run", kernel])
            #expect(verdict.exitCode == 33, "\(verdict.text)")
            #expect(verdict.output.contains("x0: 0x0000000000000000\n"), "\(verdict.text)")
        }
    }

    @Test func `a Multiboot kernel gets command line and modules`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await MultibootTests.Row(source: "multiboot.c").kernel
                .build(in: folder).string
            let files = ["a,b", "c"].map { folder.appending($0).string }
            for file in files { try Data(file.utf8).write(to: URL(filePath: file)) }
            let verdict = try await Self.run([
                "run", kernel, "--command-line", "quiet x=1", "--ramdisk", files[0],
                "--module", "\(files[1])=some, text",
            ])
            #expect(verdict.exitCode == 33, "\(verdict.text)")
            #expect(verdict.output.contains("command line: \(kernel) quiet x=1\n"))
            let modules = verdict.lines.filter { $0.hasPrefix("module: ") }
            try #require(modules.count == 2, "\(verdict.text)")
            #expect(modules[0].hasSuffix(" \(files[0])"))
            #expect(modules[1].hasSuffix(" \(files[1]) some, text"))
        }
    }

    @Test func `kernels with a PVH note and in the form of bzImage start`() async throws {
        try await withTemporaryFolder { folder in
            let pvh = try await DirectSample.pvh(in: folder)
            let verdict = try await Self.run(["run", pvh, "--command-line", "quiet x=1"])
            #expect(verdict.exitCode == 33, "\(verdict.text)")
            #expect(verdict.output.contains("command line: quiet x=1\n"))

            let linux = try await DirectSample.bzImage(in: folder)
            let ramdisk = folder.appending("ramdisk").string
            try Data("hello\n".utf8).write(to: URL(filePath: ramdisk))
            let other = try await Self.run([
                "run", linux, "--command-line", "quiet x=1", "--ramdisk", ramdisk,
            ])
            #expect(other.exitCode == 33, "\(other.text)")
            #expect(other.output.contains("quiet x=1 6\n"), "\(other.text)")
        }
    }

    @Test func `tests have their verdicts, and faults their places`() async throws {
        try await withTemporaryFolder { folder in
            let pass = try await SemihostingKernel.build(
                named: "pass.elf", base: "0x40100000", in: folder
            ).string
            let fail = try await SemihostingKernel.build(
                named: "fail.elf", definitions: ["STATUS=7"], base: "0x40100000", in: folder
            ).string
            let fault = try await DirectSample.pvh(definitions: ["FAULT"], in: folder)
            let vector = try await DirectSample.image(definitions: ["FAULT"], in: folder).elf
            let run = try await TestRun.of(["--direct", pass, fail, fault, vector])
            let results = run.results.map { "\($0.name) \($0.firmware) \($0.verdict)" }
            #expect(
                results.sorted() == [
                    "fail direct failed", "image direct unhandled-exception",
                    "pass direct passed", "pvh direct triple-fault",
                ])
            let place = run.results.first { $0.name == "pvh" }?.function
            #expect(place?.hasPrefix("start + ") == true)
            let named = folder.appending("passTests").string
            try FileManager.default.moveItem(atPath: pass, toPath: named)
            let runner = try await BootSlots.shared.run {
                try await Project.bootimage.run(["runner", "--direct", named])
            }
            #expect(runner.exitCode == 0, "\(runner.text)")
        }
    }

    @Test(.needs("gdb", "gdb-multiarch"), arguments: ["elf", "image", "pvh"])
    func `gdb enters the kernel at its first instruction`(_ form: String) async throws {
        try await withTemporaryFolder { folder in
            let (elf, image) = try await DirectSample.image(in: folder)
            let pvh = try await DirectSample.pvh(in: folder)
            let kernel = ["elf": elf, "image": image, "pvh": pvh][form] ?? ""
            let debugger = form == "pvh" ? "gdb" : "gdb-multiarch"
            let (verdict, gdb) = try await BootSlots.shared.run {
                try await DirectSample.debug(kernel, with: debugger, in: folder)
            }
            let place = ["elf": "<_start>:", "image": "0x40200000:", "pvh": "<start>:"][form] ?? ""
            #expect(gdb.output.contains(place), "\(gdb.text)\n\(verdict.text)")
            #expect(verdict.output == "", "\(verdict.text)")
        }
    }
}
