import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `inspect` and `verify` say of cards, also of those that others wrote or changed, and where
/// `run` boots them.
@Suite(.needs("clang", "ld.lld", "mcopy", "mdel"))
struct CardInspectionTests {
    private struct Report: Decodable {
        struct Card: Decodable {
            struct Kernel: Decodable {
                let path, load_address: String
                let size: Int
                let image_header: Bool
            }
            struct Board: Decodable {
                let board: String
                let missing: [String]
            }
            let config: [String]
            let command_line: String?
            let kernel: Kernel?
            let boards: [Board]
        }
        let card: Card?
    }

    private static func withCard(
        _ options: [String] = [], definitions: [String] = [],
        _ body: (_ folder: FilePath, _ card: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await RaspiKernel.build(definitions: definitions, in: folder).string
            let card = folder.appending("card.img").string
            try await Project.bootimage.succeed(
                ["build", kernel, "--board", "raspi3", "--without-firmware", "-o", card] + options)
            try await body(folder, card)
        }
    }

    /// Replaces a file on the card, or removes it.
    private static func set(
        _ name: String, to text: String?, on card: String, in folder: FilePath
    ) async throws {
        guard let text else {
            try await Tool(name: "mdel").succeed(["-i", card + "@@1M", "::" + name])
            return
        }
        let file = folder.appending("new")
        try write(text.utf8, to: file)
        try await Tool(name: "mcopy").succeed(["-o", "-i", card + "@@1M", file.string, "::" + name])
    }

    private static func inspect(_ card: String) async throws -> Report.Card? {
        let text = try await Project.bootimage.succeed(["inspect", "--json", card]).output
        return try JSONDecoder().decode(Report.self, from: Data(text.utf8)).card
    }

    @Test(arguments: [([], "0x80000"), (["IMAGE_HEADER=0x80000"], "0x80000")])
    func `inspect shows what the firmware of each board finds`(
        _ definitions: [String], _ address: String
    ) async throws {
        try await Self.withCard(["--command-line", "a b"], definitions: definitions) { _, card in
            let found = try #require(try await Self.inspect(card))
            #expect(found.command_line == "a b")
            #expect(found.config.first == "# Raspberry Pi 3")
            let kernel = try #require(found.kernel)
            #expect(kernel.path == "/kernel8.img" && kernel.size > 500)
            #expect(kernel.load_address == address)
            #expect(kernel.image_header == !definitions.isEmpty)
            #expect(found.boards.map(\.board) == ["raspi3", "raspi4", "raspi5"])
            #expect(found.boards[0].missing == ["bootcode.bin", "start.elf", "fixup.dat"])
            #expect(found.boards[2].missing == ["bcm2712-*.dtb", "os_check=0"])
            let text = try await Project.bootimage.succeed(["inspect", card]).output
            for words in [
                "\(card): MBR and card for a Raspberry Pi\n", "  kernel8.img  ", "\(address)",
                "  Raspberry Pi 4  no start4.elf, no fixup4.dat\n", "\n    enable_uart=1\n",
            ] {
                #expect(text.contains(words), "\(text)")
            }
        }
    }

    @Test func `verify warns of missing boot files, by board`() async throws {
        try await Self.withCard { folder, card in
            let verdict = try await Project.bootimage.run(["verify", card])
            #expect(verdict.exitCode == 0)
            #expect(verdict.text.count(of: "[card-firmware]") == 3, "\(verdict.text)")
            #expect(verdict.says("no bootcode.bin, no start.elf, no fixup.dat, must be complete"))
            for name in ["start4.elf", "fixup4.dat"] {
                try await Self.set(name, to: "x", on: card, in: folder)
            }
            let complete = try await Project.bootimage.run(["verify", card])
            #expect(complete.exitCode == 0 && !complete.says("card-firmware"), "\(complete.text)")
        }
    }

    @Test(
        arguments: [
            ("kernel8.img", nil, "kernel=kernel8.img"), ("kernel8.img", "", "kernel=kernel8.img"),
            ("config.txt", "arm_64bit=1\nkernel=other.img\n", "kernel=other.img"),
        ] as [(String, String?, String)])
    func `a kernel that is not there is an error`(
        _ file: String, _ text: String?, _ found: String
    ) async throws {
        try await Self.withCard { folder, card in
            try await Self.set(file, to: text, on: card, in: folder)
            let verdict = try await Project.bootimage.run(["verify", card])
            #expect(verdict.exitCode == 65)
            #expect(verdict.text.count(of: "[card-kernel]") == 1, "\(verdict.text)")
            #expect(verdict.says("kernel \(found), must be a file of the card"), "\(verdict.text)")
            let run = try await Project.bootimage.run(["run", card, "--board", "raspi3"])
            if text != "" { run.expectRefusal(65, saying: card, "no kernel for a Raspberry Pi 3") }
        }
    }

    /// Others start a UEFI firmware, a system in a folder, or one of two.
    @Test(arguments: ["armstub=x", "os_prefix=a/", "include x.txt", "tryboot_a_b=1"])
    func `another way to start is none of verify's business`(_ line: String) async throws {
        try await Self.withCard { folder, card in
            try await Self.set("kernel8.img", to: nil, on: card, in: folder)
            try await Self.set("config.txt", to: "arm_64bit=1\n\(line)\n", on: card, in: folder)
            let verdict = try await Project.bootimage.run(["verify", card])
            #expect(verdict.exitCode == 0 && !verdict.says("card-kernel"), "\(verdict.text)")
        }
    }

    @Test func `a hostile config.txt cannot break a line or fill the screen`() async throws {
        try await Self.withCard { folder, card in
            let lines = repeatElement("\u{1B}[2J x", count: 5000).joined(separator: "\n")
            try await Self.set(
                "config.txt", to: "kernel=kernel8.img\n" + lines, on: card, in: folder)
            let text = try await Project.bootimage.succeed(["inspect", card]).output
            #expect(!text.contains("\u{1B}") && text.contains("… 4901 more lines"))
        }
    }

    @Test func `a volume without a mark of the boards is no card`() async throws {
        try await Self.withCard { folder, card in
            try await Self.set("config.txt", to: "color=blue\n", on: card, in: folder)
            #expect(try await Self.inspect(card) == nil)
            let verdict = try await Project.bootimage.run(["verify", card])
            #expect(verdict.exitCode == 65 && verdict.says("[image-not-bootable]"))
        }
    }

    /// Such disks have a loader for UEFI beside the files of the boards.
    @Test(.needs("mmd"))
    func `a card with a UEFI loader boots on a board only if one is chosen`() async throws {
        try await Self.withCard { folder, card in
            try await Tool(name: "mmd").succeed(["-i", card + "@@1M", "::EFI", "::EFI/BOOT"])
            try await Self.set("EFI/BOOT/BOOTAA64.EFI", to: "MZ", on: card, in: folder)
            let standard = try await Project.bootimage.run(["run", card, "--dry-run"])
            #expect(!standard.says("raspi"), "\(standard.text)")
            let uefi = try await Project.bootimage.run(
                ["run", card, "--dry-run", "--firmware", "uefi"])
            #expect(uefi.says("-machine virt"), "\(uefi.text)")
            let board = try await Project.bootimage.run(
                ["run", card, "--dry-run", "--board", "raspi3"])
            #expect(board.says("-machine raspi3b"), "\(board.text)")
        }
    }

    @Test func `a card boots on a board for which it is complete`() async throws {
        try await Self.withCard { folder, card in
            for name in ["start4.elf", "fixup4.dat"] {
                try await Self.set(name, to: "x", on: card, in: folder)
            }
            let verdict = try await Project.bootimage.run(["run", card, "--dry-run"])
            #expect(verdict.says("raspi4b"), "\(verdict.text)")
        }
    }

    @Test(.needs("truncate"))
    func `a card of another size is refused before QEMU refuses it`() async throws {
        try await Self.withCard { folder, card in
            try await Tool(name: "truncate").succeed(["--size", "100M", card])
            try await Project.bootimage.run(["run", card, "--board", "raspi3"])
                .expectRefusal(
                    65, saying: card, "has 104857600 bytes", "a power of two", "truncate --size")
            #expect(
                try names(in: folder) == ["card.img", "kernel.elf", "kernel.o"])
        }
    }

    @Test func `the kernel can be extracted by either name`() async throws {
        try await Self.withCard { folder, card in
            for name in ["kernel", "kernel8.img"] {
                let copy = folder.appending("\(name).copy").string
                try await Project.bootimage.succeed(
                    ["inspect", card, "--extract", name, "-o", copy])
                #expect(try read(FilePath(copy)).count > 500)
            }
        }
    }
}

/// `run --board` and `test --board`, as far as they go without QEMU.
@Suite(.needs("clang", "ld.lld"))
struct BoardRefusalTests {
    private static func withKernel(
        _ body: (_ folder: FilePath, _ kernel: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await body(folder, try await RaspiKernel.build(in: folder).string)
        }
    }

    /// QEMU 7.2 has no raspi4b; what it lists is asked.
    @Test func `a machine that QEMU does not have is refused with its version`() async throws {
        try await Self.withKernel { folder, kernel in
            let host = try await FakeHost(in: folder)
            let list = "echo 'Supported machines are:'; echo 'raspi3b              Raspberry Pi 3B'"
            try await host.install(
                "qemu-system-aarch64",
                "case $1 in -machine) \(list);; *) echo 'QEMU emulator version 7.2.22 (x)';; esac")
            try await host.qemu.run(["run", kernel, "--board", "raspi4"])
                .expectRefusal(
                    69, saying: "QEMU 7.2.22 does not emulate raspi4b", "QEMU 9.0",
                    "--board raspi3")
            let other = try await host.qemu.run(["run", kernel, "--board", "raspi3", "--dry-run"])
            #expect(other.output.contains(" -machine raspi3b -m 1G -smp 4 "), "\(other.text)")
            try await host.install(
                "qemu-system-aarch64", "echo 'raspi4b              Raspberry Pi 4B'")
            let newer = try await host.qemu.run(["run", kernel, "--board", "raspi4", "--dry-run"])
            #expect(newer.output.contains(" -machine raspi4b -m 2G -smp 4 "), "\(newer.text)")
        }
    }

    @Test(arguments: [
        (["--board", "raspi5"], "QEMU does not emulate it"),
        (["--board", "raspi3", "--memory", "512M"], "has 1G of memory, 4 processors and a card"),
        (["--board", "raspi3", "--cpus", "2"], "omit --memory, --cpus and --disk"),
        (["--board", "raspi3", "--disk", "usb"], "--disk cannot be combined with --board raspi3"),
        (["--board", "raspi3", "--machine", "virt"], "--machine cannot be combined with --board"),
        (["--board", "raspi3", "--secure-boot"], "--secure-boot cannot be combined with --board"),
        (
            ["--board", "raspi3", "--module", "m"],
            "--module cannot be combined with --board raspi3"
        ),
    ])
    func `what a board does not have is refused`(
        _ options: [String], _ reason: String
    ) async throws {
        try await Self.withKernel { folder, kernel in
            try await Project.bootimage.run(["run", kernel] + options)
                .expectRefusal(64, saying: reason)
            #expect(try names(in: folder) == ["kernel.elf", "kernel.o"])
        }
    }

    @Test(arguments: [["run"], ["test"]])
    func `firmware and board exclude each other`(_ command: [String]) async throws {
        try await Self.withKernel { _, kernel in
            let verdict = try await Project.bootimage.run(
                command + [kernel, "--board", "raspi3", "--firmware", "uefi"])
            #expect(verdict.exitCode == 64)
            #expect(verdict.says("use either --firmware or --board"))
        }
    }

    @Test func `an image for firmware does not boot on a board`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SemihostingKernel.build(in: folder).string
            let image = folder.appending("uefi.img").string
            try await Project.bootimage.succeed(["build", kernel, "-o", image])
            try await Project.bootimage.run(["run", image, "--board", "raspi3"])
                .expectRefusal(64, saying: image, "no card for a board", "bootimage build")
        }
    }
}

extension String {
    fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
