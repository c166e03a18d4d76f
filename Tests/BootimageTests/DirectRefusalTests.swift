import Subprocess
import SystemPackage
import TestSupport
import Testing

/// What `--direct` refuses before QEMU starts, and files that want to break its readers.
@Suite(.needs("clang", "ld.lld"))
struct DirectRefusalTests {
    private static func number(_ value: UInt64, _ byteCount: Int) -> [UInt8] {
        (0..<byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }

    /// An ELF file for AArch64 with one segment, 64 bytes at file offset 0.
    private static func elf(
        machine: UInt64 = 183, entry: UInt64 = 0x4020_0000, physical: UInt64 = 0x4020_0000,
        fileByteCount: UInt64 = 64, memoryByteCount: UInt64 = 4096
    ) -> [UInt8] {
        let header: [[UInt8]] = [
            [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], number(2, 2),
            number(machine, 2), number(1, 4), number(entry, 8), number(64, 8), number(0, 8),
            number(0, 4), number(64, 2), number(56, 2), number(1, 2), number(64, 2), number(0, 2),
            number(0, 2),
        ]
        let segment = [
            number(1, 4), number(5, 4), number(0, 8), number(physical, 8), number(physical, 8),
            number(fileByteCount, 8), number(memoryByteCount, 8), number(4096, 8),
        ]
        return (header + segment).flatMap(\.self)
    }

    /// A flat file with arm64's header.
    private static func image(textOffset: UInt64, byteCount: UInt64) -> [UInt8] {
        number(0, 8) + number(textOffset, 8) + number(byteCount, 8) + number(0, 32)
            + Array("ARM\u{64}".utf8) + number(0, 4)
    }

    /// A flat Multiboot kernel with these address fields.
    private static func multiboot(_ fields: UInt64...) -> [UInt8] {
        let flags: UInt64 = 0x1_0000
        let words = [0x1BAD_B002, flags, (1 << 32) - 0x1BAD_B002 - flags] + fields
        return words.flatMap { number($0, 4) } + number(0, 64)
    }

    private static let bzImage: [UInt8] =
        number(0, 0x1F1) + [40] + number(0, 12) + [0x55, 0xAA, 0, 0] + Array("HdrS".utf8)
        + number(0, 1024)

    private static let files: [(name: String, bytes: [UInt8], text: String)] = [
        ("nothing", [], "is empty"),
        ("text", Array("some text\n".utf8), "add --machine virt"),
        ("RISC-V", elf(machine: 243), "is for e_machine 243"),
        ("x86 without a header", elf(machine: 62), "neither a Multiboot header nor a PVH note"),
        ("far", elf(entry: 1 << 40, physical: 1 << 40), "0x40000000–0x4fffffff"),
        ("low", elf(entry: 0x1000, physical: 0x1000), "is loaded at 0x1000–0x1fff on virt"),
        ("around the end", elf(physical: .max - 10), "p_paddr + p_memsz"),
        ("longer than the file", elf(fileByteCount: 4096), "p_offset + p_filesz"),
        ("more file than memory", elf(memoryByteCount: 1), "p_filesz at most p_memsz"),
        ("no memory", elf(fileByteCount: 0, memoryByteCount: 0), "nothing to start"),
        ("entry outside", elf(entry: 0x5000_0000), "entry point 0x50000000 is in no loaded"),
        ("cut ELF", Array(elf().prefix(100)), "program header"),
        ("cut bzImage", bzImage, "setup_sects is 40"),
        ("far image", image(textOffset: .max - 0x1000, byteCount: 4096), "--memory"),
        ("huge image", image(textOffset: 0x20_0000, byteCount: .max), "--memory"),
        ("header before load", multiboot(0x1000, 0x2000, 0, 0, 0x2000), "load_addr"),
        ("load before the file", multiboot(0x20_0000, 0x10_0000, 0, 0, 0), "load_addr"),
        ("end before load", multiboot(0x10_0000, 0x10_0000, 0x1000, 0, 0), "load_addr"),
        ("entry elsewhere", multiboot(0x10_0000, 0x10_0000, 0, 0, 1), "entry point 0x1 is in no"),
        ("in ROM", multiboot(0xC_0000, 0xC_0000, 0, 0, 0xC_0000), "0xa0000–0xfffff"),
        (
            "4 GiB", multiboot(0xFFFF_0000, 0xFFFF_0000, 0, 0, 0xFFFF_0000),
            "0x0–0xfffffff"
        ),
    ]

    @Test(arguments: files.indices)
    func `a file that QEMU cannot start is refused with a line`(_ index: Int) async throws {
        let (name, bytes, text) = Self.files[index]
        try await withKernelAndQEMU { folder, _, qemu in
            let file = "\(folder)/\(name)"
            try write(bytes, to: FilePath(file))
            for words in [["run", "--direct", file], ["runner", "--direct", file]] {
                try await qemu.run(words).expectRefusal(65, saying: file, text)
            }
        }
    }

    @Test(
        arguments: [
            ["--firmware", "uefi"], ["--secure-boot"], ["--disk", "nvme"], ["--no-snapshot"],
            ["--boot-config", "x"], ["--file", "a=b"], ["--directory", "a=b"], ["--sign-key", "k"],
            ["--sign-cert", "c"], ["--sector-size", "512"], ["--esp-fat", "16"],
            ["--keep-debug-info"], ["--protocol", "plain"],
        ])
    func `options for images are refused`(_ option: [String]) async throws {
        try await withKernelAndQEMU { folder, _, qemu in
            let file = "\(folder)/a.elf"
            try write(Self.elf(), to: FilePath(file))
            try await qemu.run(["run", "--direct", file] + option)
                .expectRefusal(64, saying: option[0] + " cannot be combined with --direct")
        }
    }

    @Test func `what QEMU would ignore is refused`() async throws {
        try await withKernelAndQEMU { folder, _, qemu in
            let (file, low) = ("\(folder)/a.elf", "\(folder)/low.elf")
            try write(Self.elf(), to: FilePath(file))
            try write(
                Self.elf(entry: 0x4008_0000, physical: 0x4008_0000), to: FilePath(low))
            let modules = "\(folder)/m.img"
            try write(
                Self.multiboot(0x10_0000, 0x10_0000, 0, 0, 0x10_0000), to: FilePath(modules))
            for (words, text) in [
                ([file, "--ramdisk", file], "--ramdisk: QEMU passes none to an ELF file"),
                ([file, "--module", file], "QEMU passes modules to Multiboot kernels only"),
                ([low, "--command-line", "x"], "device tree of 1 MiB at 0x40000000"),
                ([modules, "--module", "a b"], "a b: QEMU ends a module's path at a space"),
            ] {
                try await qemu.run(["run", "--direct"] + words).expectRefusal(64, saying: text)
            }
            try await qemu.run(["run", "--direct", modules, "--ramdisk", "none"])
                .expectRefusal(66, saying: "none: cannot be read")
            try await qemu.run(["run", "--direct", modules, "--ramdisk", "\(folder)"])
                .expectRefusal(65, saying: "is a folder")
        }
    }

    @Test func `an image is refused, and boots where only the settings say direct`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let image = "\(folder)/a.img"
            try await Project.bootimage.succeed([
                "build", kernel, "--firmware", "bios", "-o", image,
            ])
            try await qemu.run(["run", "--direct", image])
                .expectRefusal(64, saying: "--direct starts a kernel without an image", image)
            let verdict = try await qemu.run(
                ["run", image], environment: ["BOOTIMAGE_DIRECT": "true"])
            #expect(verdict.says("file.filename=\(image)\n"), "\(verdict.text)")
        }
    }

    @Test func `the command line has the kernel's own name, and settings count`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let file = "\(folder)/m,1.img"
            try write(Self.multiboot(0x10_0000, 0x10_0000, 0, 0, 0x10_0000), to: FilePath(file))
            try write(
                "direct = true\ncommand-line = \"a, b\"\nmodules = [\"m,1.img=x,y\"]".utf8,
                to: folder.appending("bootimage.toml"))
            let settings = ["--config", "\(folder)/bootimage.toml"]
            for words in [["run"] + settings + [file], ["runner"] + settings + [file]] {
                let verdict = try await qemu.run(words)
                let module = "\(folder)/m,,1.img x,,y"
                #expect(
                    verdict.says("-kernel\n\(file)\n-append\na, b\n-initrd\n\(module)\n"),
                    "\(verdict.text)")
                #expect(!verdict.says("-drive", "bootindex"), "\(verdict.text)")
            }
            let other = try await qemu.run(["run", "--no-direct"] + settings + [kernel])
            #expect(other.says("bootimage-kernel.bios.img"), "\(other.text)")
            try await qemu.run(
                ["run"] + settings + [file], environment: ["BOOTIMAGE_RUN_COMMAND": "echo {}"]
            ).expectRefusal(64, saying: "run-command cannot be combined with --direct")
        }
    }

    /// Each byte of the headers at its boundaries, and each length: nothing may crash.
    @Test(arguments: [
        elf(), image(textOffset: 0x8_0000, byteCount: 8192), bzImage,
        multiboot(0x10_0000, 0x10_0000, 0, 0, 0x10_0000),
    ])
    func `a damaged header is refused or started`(_ bytes: [UInt8]) async throws {
        try await withKernelAndQEMU { folder, _, qemu in
            var files: [String] = []
            for offset in stride(from: 0, to: min(bytes.count, 0x280), by: 7) {
                for value: UInt8 in [0x80, 0xFF] {
                    var damaged = bytes
                    damaged.replaceSubrange(
                        offset..<min(offset + 7, bytes.count), with: repeatElement(value, count: 7))
                    files.append("\(folder)/\(files.count)")
                    try write(damaged, to: FilePath(files[files.count - 1]))
                    files.append("\(folder)/\(files.count)")
                    try write(bytes.prefix(offset), to: FilePath(files[files.count - 1]))
                }
            }
            for file in files {
                let verdict = try await qemu.run(
                    ["run", "--direct", "--dry-run", "--machine", "virt", file])
                #expect([0, 64, 65, 69].contains(verdict.exitCode), "\(verdict.text)")
            }
        }
    }
}
