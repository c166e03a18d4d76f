import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// `build --board`: cards, judged by other programs, and what is refused.
@Suite(.needs("clang", "ld.lld"))
struct CardTests {
    private static let board = ["--board", "raspi3", "--without-firmware"]

    private static func withKernel(
        _ definitions: [String] = [], at address: String = "0x80000",
        _ body: (_ folder: FilePath, _ kernel: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await body(
                folder,
                try await RaspiKernel.build(definitions: definitions, at: address, in: folder)
                    .string)
        }
    }

    /// A folder with made-up files of the vendor's.
    private static func firmware(in folder: FilePath, without names: String...) throws -> String {
        let path = try makeFolder(folder.appending("firmware"))
        for name in [
            "bootcode.bin", "start.elf", "fixup.dat", "start4.elf", "fixup4.dat", "LICENCE",
            "bcm2710-rpi-3-b.dtb", "bcm2711-rpi-4-b.dtb", "bcm2712-rpi-5-b.dtb",
        ] where !names.contains(name) {
            try write("\(name)\n".utf8, to: path.appending(name))
        }
        return path.string
    }

    private static func files(on card: String) async throws -> [String] {
        try await Tool(name: "mdir").succeed(["-/", "-b", "-i", card + "@@1M", "::"]).output
            .split(separator: "\n").map { String($0.dropFirst(3)) }.sorted()
    }

    private static func text(of file: String, on card: String) async throws -> String {
        try await Tool(name: "mtype").succeed(["-i", card + "@@1M", "::" + file]).output
    }

    @Test(.needs("sfdisk", "fsck.fat", "mdir", "mcopy", "llvm-objcopy", "dd"))
    func `other programs find a sound card with the flat kernel`() async throws {
        try await Self.withKernel { folder, kernel in
            let data = folder.appending("data")
            try write("data".utf8, to: data)
            let card = folder.appending("bootimage-kernel.raspi3.img").string
            let options = [
                "--ramdisk", data.string, "--command-line", "quiet x=ü", "--file",
                "folder/a long name.text=\(data)", "--volume-label", "MY CARD",
            ]
            try await Project.bootimage.run(["build", kernel] + Self.board + options)
                .expectSuccess(printing: card + "\n")
            let verdict = try await Tool(name: "sfdisk").succeed(["--verify", card])
            #expect(verdict.lines.dropFirst().first == "No errors detected.", "\(verdict.text)")
            let table = try await Tool(name: "sfdisk").succeed(["-d", card]).output
            #expect(table.contains("start=        2048, size=      129024, type=c\n"), "\(table)")
            let part = folder.appending("part.img").string
            try await Tool(name: "dd").succeed([
                "if=\(card)", "of=\(part)", "bs=1M", "skip=1", "status=none",
            ])
            let check = try await Tool(name: "fsck.fat").succeed(["-n", part])
            #expect(check.lines.count == 2, "\(check.text)")
            #expect(
                try await Self.files(on: card) == [
                    "cmdline.txt", "config.txt", "folder/", "folder/a long name.text",
                    "kernel8.img", "ramdisk",
                ])
            #expect(try await Self.text(of: "cmdline.txt", on: card) == "quiet x=ü\n")
            #expect(
                try await Self.text(of: "config.txt", on: card)
                    == """
                    # Raspberry Pi 3
                    arm_64bit=1
                    kernel=kernel8.img
                    enable_uart=1
                    initramfs ramdisk followkernel

                    """)
            let flat = folder.appending("flat").string
            try await Tool(name: "llvm-objcopy").succeed(["-O", "binary", kernel, flat])
            let copy = folder.appending("copy").string
            try await Tool(name: "mcopy").succeed([
                "-n", "-i", card + "@@1M", "::kernel8.img", copy,
            ])
            #expect(try read(FilePath(copy)) == read(FilePath(flat)))
        }
    }

    @Test(.needs("cmp"))
    func `the same inputs give the same bytes`() async throws {
        try await Self.withKernel { folder, kernel in
            let firmware = try Self.firmware(in: folder)
            let cards = ["a.img", "b.img"].map { folder.appending($0).string }
            for (card, zone) in zip(cards, ["UTC", "Asia/Tokyo"]) {
                let verdict = try await Project.bootimage.run(
                    [
                        "build", kernel, "--board", "raspi4", "--firmware-directory", firmware,
                        "-o", card,
                    ], environment: ["TZ": zone])
                #expect(verdict.exitCode == 0, "\(verdict.text)")
            }
            try await Tool(name: "cmp").succeed(cards)
        }
    }

    @Test(
        .needs("mdir"),
        arguments: [
            ("raspi3", ["bcm2710-rpi-3-b.dtb", "bootcode.bin", "fixup.dat", "start.elf"]),
            ("raspi4", ["bcm2711-rpi-4-b.dtb", "fixup4.dat", "start4.elf"]),
            ("raspi5", ["bcm2712-rpi-5-b.dtb"]),
        ])
    func `the vendor's files of the board are copied`(
        _ board: String, _ names: [String]
    ) async throws {
        try await Self.withKernel { folder, kernel in
            let firmware = try Self.firmware(in: folder)
            let card = folder.appending("card.img").string
            try await Project.bootimage.run([
                "build", kernel, "--board", board, "--firmware-directory", firmware, "-o", card,
            ]).expectSuccess()
            #expect(
                try await Self.files(on: card) == (names + ["config.txt", "kernel8.img"]).sorted())
            let lines = try await Self.text(of: "config.txt", on: card).split(separator: "\n")
            #expect(lines.contains("os_check=0") == (board == "raspi5"))
            let verdict = try await Project.bootimage.run(["verify", card])
            #expect(verdict.output.hasPrefix("\(card): sound\n\nMBR\n"), "\(verdict.text)")
        }
    }

    @Test func `missing files of the vendor's are listed`() async throws {
        try await Self.withKernel { folder, kernel in
            let firmware = try Self.firmware(in: folder, without: "start.elf", "fixup.dat")
            try await Project.bootimage.run([
                "build", kernel, "--board", "raspi3", "--firmware-directory", firmware,
            ]).expectRefusal(
                65, saying: "\(firmware): has no start.elf, no fixup.dat,", "Raspberry Pi 3",
                "--without-firmware")
            try await Project.bootimage.run(["build", kernel, "--board", "raspi3"])
                .expectRefusal(
                    64, saying: "(bootcode.bin, start.elf, fixup.dat)", "--firmware-directory",
                    "--without-firmware")
            try await Project.bootimage.run([
                "build", kernel, "--board", "raspi3", "--firmware-directory", kernel,
            ]).expectRefusal(66, saying: kernel, "not a readable folder")
            #expect(try names(in: folder) == ["firmware", "kernel.elf", "kernel.o"])
        }
    }

    @Test(arguments: [
        ["--firmware", "uefi"], ["--format", "iso"], ["--sector-size", "4096"],
        ["--esp-fat", "16"],
        ["--esp-size", "64MiB"], ["--active-protective-mbr"], ["--boot-config", "b.json"],
        ["--module", "m"], ["--protocol", "limine"], ["--keep-debug-info"],
        ["--pxe-directory", "p"],
    ])
    func `what a card does not have is refused`(_ options: [String]) async throws {
        try await Self.withKernel { folder, kernel in
            try await Project.bootimage.run(["build", kernel] + Self.board + options)
                .expectRefusal(64, saying: options[0], "cannot be combined with --board raspi3: ")
            #expect(try names(in: folder) == ["kernel.elf", "kernel.o"])
        }
    }

    @Test(arguments: ["config.txt", "Kernel8.IMG", "cmdline.txt", "ramdisk"])
    func `a file that the card has anyway is refused`(_ name: String) async throws {
        try await Self.withKernel { _, kernel in
            try await Project.bootimage.run(
                ["build", kernel, "--file", "\(name)=\(kernel)"] + Self.board
            ).expectRefusal(64, saying: "--file \(name)=", "bootimage writes this file")
        }
    }

    @Test func `a kernel at another address is refused by its rule`() async throws {
        try await Self.withKernel(at: "0x100000") { folder, kernel in
            try await Project.bootimage.run(["build", kernel] + Self.board)
                .expectRefusal(
                    65, saying: kernel, "segment 0 (PT_LOAD)", "0x100000", "0x80000",
                    "[flat-address]")
            #expect(try names(in: folder) == ["kernel.elf", "kernel.o"])
        }
    }

    @Test func `a kernel for x86-64 is refused`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "hello.S", shape: .oneMebibyte)
                .build(in: folder).string
            try await Project.bootimage.run(["build", kernel] + Self.board)
                .expectRefusal(65, saying: "x86-64, must be AArch64", "[flat-architecture]")
        }
    }

    @Test(.needs("mtype"))
    func `bootimage.toml selects board, firmware and lines of config.txt`() async throws {
        try await Self.withKernel { folder, kernel in
            _ = try Self.firmware(in: folder)
            let settings = folder.appending("bootimage.toml")
            try write(
                """
                board = "raspi3"
                firmware-directory = "firmware"
                sector-size = 4096
                protocol = "limine"
                [files]
                "f/g" = "kernel.o"
                [raspi]
                config = ["gpu_mem=32", "[pi3+]"]

                """.utf8, to: settings)
            let options = ["build", kernel, "--config", settings.string]
            try await Project.bootimage.run(options).expectSuccess()
            let card = folder.appending("bootimage-kernel.raspi3.img").string
            let lines = try await Self.text(of: "config.txt", on: card).split(separator: "\n")
            #expect(lines.suffix(2) == ["gpu_mem=32", "[pi3+]"])
            #expect(try await Self.files(on: card).contains("f/g"))
            // An option for an image of another kind wins.
            let uefi = folder.appending("uefi.img").string
            let other = try await Project.bootimage.run(
                options + ["--firmware", "uefi", "--protocol", "plain", "-o", uefi])
            #expect(other.exitCode == 0, "\(other.text)")
        }
    }

    @Test(arguments: [
        ("config = [\"a\\nb\"]", "control characters"),
        ("config = [\"\(String(repeating: "x", count: 99))\"]", "at most 98 bytes"),
        ("config = \"x\"", "a table with config, an array of strings"),
        ("lines = []", "a table with config, an array of strings"),
    ])
    func `bad lines for config.txt are refused`(_ line: String, _ reason: String) async throws {
        try await Self.withKernel { folder, kernel in
            let settings = folder.appending("bootimage.toml")
            try write("[raspi]\n\(line)\n".utf8, to: settings)
            let verdict = try await Project.bootimage.run(
                ["build", kernel, "--config", settings.string] + Self.board)
            #expect(verdict.exitCode == 64 || verdict.exitCode == 65)
            #expect(verdict.error.contains(reason), "\(verdict.text)")
            #expect(verdict.lines.count == 1)
        }
    }
}
