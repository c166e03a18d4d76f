import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// What independent tools say of an image with an EFI system partition; their text counts, because
/// exit codes alone lie.
@Suite(.needs("clang", "ld.lld"))
struct UEFIImageCheckTests {
    private static let start = 1 << 20

    /// What `build` is asked for.
    static let kinds = [
        ["--firmware", "uefi"], ["--firmware", "hybrid"],
        ["--firmware", "hybrid", "--active-protective-mbr"],
        ["--format", "iso", "--esp-fat", "32"],
    ]

    @Test(.needs("sfdisk", "sgdisk", "parted", "blkid"), arguments: kinds)
    func `the partition table is right`(_ kind: [String]) async throws {
        try await withImage(kind) { image, _ in
            let sfdisk = try await Tool(name: "sfdisk")("--verify", image)
            #expect(sfdisk.lines.dropFirst().first == "No errors detected.", "\(sfdisk.text)")
            #expect(!sfdisk.says("mismatch", "corrupt", "overlap"), "\(sfdisk.text)")
            let sgdisk = try await Tool(name: "sgdisk")("-v", image)
            #expect(sgdisk.says("No problems found"), "\(sgdisk.text)")
            // The one that is asked for.
            let isActive = kind.contains("--active-protective-mbr")
            #expect(sgdisk.says("the MBR is marked as active") == isActive, "\(sgdisk.text)")
            let rest = sgdisk.text.components(separatedBy: "Warning: The 0xEE").joined()
            #expect(!rest.contains("Caution") && !rest.contains("Warning"), "\(sgdisk.text)")
            let parted = Tool(name: "parted")
            let table = try await parted.succeed(["-s", "-m", image, "unit", "s", "print"])
            #expect(table.says(":fat32:EFI System Partition:boot, esp;"), "\(table.text)")
            let count = table.lines.count - 2
            #expect(count == (kind[1] != "uefi" ? 2 : 1))
            for number in 1...count {
                try await parted.succeed(["-s", image, "align-check", "optimal", "\(number)"])
            }
            let blkid = try await Tool(name: "blkid").succeed(["-p", image])
            #expect(blkid.says(#"PTTYPE="gpt""#), "\(blkid.text)")
        }
    }

    @Test(.needs("blkid", "fsck.fat", "fatcat"), arguments: kinds)
    func `the file system is right`(_ kind: [String]) async throws {
        try await withImage(kind) { image, folder in
            let blkid = try await Tool(name: "blkid")("-p", "-O", "\(Self.start)", image)
            #expect(blkid.says(#"TYPE="vfat""#), "\(blkid.text)")
            let partition = folder.appending("partition.img")
            let bytes = try read(FilePath(image))
            let last = bytes[1024 + 40..<1024 + 48].reversed().reduce(0) { $0 << 8 | Int($1) }
            try write(bytes[Self.start..<(last + 1) * 512], to: partition)
            let fsck = try await Tool(name: "fsck.fat").succeed(["-n", partition.string])
            #expect(fsck.lines.count == 2, "\(fsck.text)")
            let tables = try await Tool(name: "fatcat")(partition.string, "-2")
            #expect(tables.says("exactly equal"), "\(tables.text)")
            let orphans = try await Tool(name: "fatcat")(partition.string, "-o")
            #expect(orphans.says("seems clean"), "\(orphans.text)")
        }
    }

    @Test(.needs("mdir", "mcopy", "7z"), arguments: kinds)
    func `the files are those that went in`(_ kind: [String]) async throws {
        try await withImage(kind) { image, folder in
            let volume = "\(image)@@\(Self.start)"
            let list = try await Tool(name: "mdir").succeed(["-/", "-b", "-i", volume, "::"])
            let files = list.lines.filter { !$0.hasSuffix("/") }
            #expect(Set(files) == ["::/EFI/BOOT/BOOTX64.EFI", "::/kernel-x86_64"])
            let copy = try makeFolder(folder.appending("copy"))
            try await Tool(name: "mcopy").succeed(["-s", "-n", "-i", volume, "::/", copy.string])
            #expect(try await read(copy.appending("kernel-x86_64")) == HelloKernel.bytes)
            #expect(try read(copy.appending("EFI/BOOT/BOOTX64.EFI")) == read(Self.loader))
            let archive = try await Tool(name: "7z")("t", image)
            #expect(archive.says("Everything is Ok"), "\(archive.text)")
            #expect(!archive.says("ERROR"), "\(archive.text)")
        }
    }

    @Test(.needs("guestfish"), arguments: [kinds[0], kinds[1]])
    func `Linux sees one partition with FAT`(_ kind: [String]) async throws {
        try await withImage(kind) { image, _ in
            let guestfish = try await Tool(name: "guestfish")(
                "--ro", "--format=raw", "-a", image, "run", ":", "list-filesystems",
                environment: [
                    "LIBGUESTFS_BACKEND": "direct", "LIBGUESTFS_BACKEND_SETTINGS": "force_tcg",
                ])
            let biosBoot = kind[1] != "uefi" ? ["/dev/sda2: unknown"] : []
            let found = guestfish.lines.map(String.init)
            #expect(found == ["/dev/sda1: vfat"] + biosBoot, "\(guestfish.text)")
        }
    }

    @Test(.needs("objdump"))
    func `the loader is an EFI application`() async throws {
        let objdump = try await Tool(name: "objdump").succeed(["-f", Self.loader.string])
        #expect(objdump.says("pei-x86-64"), "\(objdump.text)")
        let bytes = try read(Self.loader)
        // PE/COFF: where the header is, and the subsystem behind its signature and COFF header.
        let header = Int(bytes[0x3C]) | Int(bytes[0x3D]) << 8
        let (subsystem, efiApplication) = (header + 24 + 68, [10, 0] as [UInt8])
        #expect(bytes[header..<header + 4] == Array("PE\0\0".utf8)[...])
        #expect(Array(bytes[subsystem..<subsystem + 2]) == efiApplication)
    }

    private static let loader = Project.root.appending("Bootloader/Prebuilt/BOOTX64.EFI")

    private func withImage(
        _ kind: [String], _ body: (_ image: String, _ folder: FilePath) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("uefi.img").string
            try await Project.bootimage.succeed(
                [
                    "build", kernel.string, "--output", image,
                ] + kind)
            try await body(image, folder)
        }
    }
}
