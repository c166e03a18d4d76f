import Subprocess
import SystemPackage
import TestSupport
import Testing

/// Files that are no disks: `inspect`, `verify` and `flash` name them and exit with 65.
struct ForeignFileTests {
    /// A file of 4 KiB or more with these bytes at these offsets, and what is said of it.
    struct File: CustomTestStringConvertible, Sendable {
        let name, words: String
        let patches: [(offset: Int, bytes: [UInt8])]
        var testDescription: String { name }

        init(_ name: String, _ words: String, _ patches: (Int, [UInt8])...) {
            (self.name, self.words) = (name, words)
            self.patches = patches.map { (offset: $0.0, bytes: $0.1) }
        }

        var bytes: [UInt8] {
            let end = patches.map { $0.offset + $0.bytes.count }.max() ?? 0
            // Bytes like those of code, also where a partition table would be.
            var bytes = (0..<max(end, 8192)).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 1) }
            for patch in patches {
                bytes.replaceSubrange(
                    patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes)
            }
            return bytes
        }
    }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }
    private static let signature: [UInt8] = [0x55, 0xAA]

    private static let files = [
        File("README.md", "is text;", (0, Array(repeating: UInt8(ascii: "a"), count: 8192))),
        File("script", "is a script;", (0, text("#!/bin/sh\n"))),
        File("vmlinuz", "(bzImage)", (0x202, text("HdrS")), (510, signature)),
        File("Image", "an AArch64 Linux kernel", (56, text("ARMd"))),
        File("Image-riscv", "a RISC-V Linux kernel", (56, text("RSC\u{5}"))),
        File("uImage", "(uImage)", (0, [0x27, 0x05, 0x19, 0x56])),
        File("a.efi", "is a PE program", (0, text("MZ")), (60, [128, 0]), (128, text("PE\0\0"))),
        File("OVMF_CODE.fd", "is UEFI firmware", (40, text("_FVH"))),
        File("option.rom", "is an option ROM", (0, [0x55, 0xAA, 4])),
        File("a.dtb", "is a device tree", (0, [0xD0, 0x0D, 0xFE, 0xED])),
        File("a.macho", "is a Mach-O file", (0, [0xCF, 0xFA, 0xED, 0xFE])),
        File("a.a", "is an ar archive", (0, text("!<arch>\n"))),
        File("a.cpio", "is a cpio archive", (0, text("070701"))),
        File("a.tar", "tar -xf ", (257, text("ustar"))),
        File("a.zip", "unzip ", (0, [0x50, 0x4B, 3, 4])),
        File("a.7z", "7z x ", (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C])),
        File("a.rpm", "an RPM package", (0, [0xED, 0xAB, 0xEE, 0xDB])),
        File("a.wim", "a WIM archive", (0, text("MSWIM\0\0\0"))),
        File("a.bz2", "bzip2 -dk -- ", (0, text("BZh9"))),
        File("a.lz4", "lz4 -dk -- ", (0, [0x04, 0x22, 0x4D, 0x18])),
        File("a.lzma", "xz --format=lzma -dk", (0, [0x5D, 0, 0])),
        File("a.gz", "gzip -dk -- ", (0, [0x1F, 0x8B])),
        File("a.qed", "qemu-img convert -f qed", (0, text("QED\0"))),
        File("a.hdd", "-f parallels", (0, text("WithoutFreeSpace"))),
        File("a.simg", "simg2img ", (0, [0x3A, 0xFF, 0x26, 0xED])),
        File("luks", "is a LUKS volume", (0, text("LUKS") + [0xBA, 0xBE])),
        File("squashfs", "is a squashfs file system", (0, text("hsqs"))),
        File("ext4", "ext4 file system", (1080, [0x53, 0xEF])),
        File("xfs", "is a XFS file system", (0, text("XFSB"))),
        File("btrfs", "is a Btrfs file system", (65_600, text("_BHRfS_M"))),
        File("ntfs", "is a NTFS file system", (3, text("NTFS    ")), (510, signature)),
        File("lvm", "is a LVM physical volume", (512, text("LABELONE"))),
        File("swap", "is a Linux swap area", (4086, text("SWAPSPACE2"))),
    ]

    @Test(arguments: files)
    func `a file that is no disk is named, with the next step`(_ file: File) async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending(file.name)
            try write(file.bytes, to: path)
            for command in ["inspect", "verify", "flash"] {
                try await Project.bootimage(command, path.string)
                    .expectRefusal(65, saying: path.string, file.words)
            }
        }
    }

    @Test func `an ELF file with a damaged magic is no disk`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder.appending("kernel").string
            try write(File("", "", (0, Self.text("\u{7F}ELG\u{2}"))).bytes, to: FilePath(path))
            let inspection = try await Project.bootimage("inspect", path)
            #expect(inspection.exitCode == 65 && inspection.says("not an ELF file"))
            let verdict = try await Project.bootimage("verify", path)
            #expect(verdict.exitCode == 65 && verdict.says("[image-unknown]"), "\(verdict.text)")
        }
    }

    @Test(.needs("sfdisk")) func `logical partitions are listed`() async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("disk.img").string
            let script = """
                truncate --size 8M "$0"
                printf 'start=64,size=15000,type=5\\nstart=128,size=2048,type=83\\n\
                start=4096,size=2048,type=82\\n' | sfdisk --quiet "$0"
                """
            let made = try await Tool(name: "sh").run(
                ["-e", "-c", script, image], environment: ["PATH": "/usr/sbin:/usr/bin:/bin"],
                workingDirectory: folder)
            try #require(made.exitCode == 0, "\(made.text)")
            let report = try await InspectJSONTests.report(of: FilePath(image))
            #expect(report.partitions.map(\.number) == [1, 5, 6])
            #expect(report.partitions.map(\.first_sector) == [64, 128, 4096])
            let verdict = try await Project.bootimage("verify", "--json", image)
            #expect(verdict.says("partition 5") && verdict.says("partition 6"), "\(verdict.text)")
        }
    }

    @Test(.needs("xorriso")) func `a disc without a partition table is verified`() async throws {
        try await withTemporaryFolder { folder in
            let boot = try makeFolder(folder.appending("root")).appending("boot.img")
            try write(Array(repeating: 0x90, count: 4096), to: boot)
            let image = folder.appending("disc.iso").string
            try await Tool(name: "xorriso").succeed([
                "-as", "mkisofs", "-quiet", "-o", image, "-b", "boot.img", "-no-emul-boot",
                "-boot-load-size", "4", "\(folder)/root",
            ])
            let verdict = try await Project.bootimage("verify", image)
            verdict.expectSuccess()
            #expect(verdict.says("\nISO 9660\n"), "\(verdict.text)")
        }
    }
}
