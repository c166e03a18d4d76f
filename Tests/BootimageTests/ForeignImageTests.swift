import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// Images that other tools make and `verify` passes, and Linux's opinion of them.
@Suite(.needs("clang", "ld.lld"))
struct ForeignImageTests {
    @Test(
        .needs("sgdisk", "mkfs.fat", "mmd", "mcopy"),
        arguments: [("12", 8), ("16", 64), ("32", 80)])
    func `sgdisk, mkfs.fat and mtools`(_ type: String, _ mebibytes: Int) async throws {
        try await withFiles { folder, image in
            let partition = folder.appending("partition").string
            try await run(
                """
                truncate --size \(mebibytes)M \(image)
                sgdisk --new 1:2048:0 --typecode 1:EF00 \(image)
                truncate --size \(mebibytes - 2)M \(partition)
                mkfs.fat -F \(type) -h 2048 -n ESP \(partition)
                mmd -i \(partition) ::/EFI ::/EFI/BOOT
                mcopy -i \(partition) EFI/BOOT/BOOTX64.EFI ::/EFI/BOOT/
                mcopy -i \(partition) kernel-x86_64 'a long name.txt' ::/
                dd if=\(partition) of=\(image) bs=1M seek=1 conv=notrunc
                """, in: folder)
            let verdict = try await Project.bootimage("verify", image)
            verdict.expectSuccess()
            #expect(!verdict.says("error:", "warning:"), "\(verdict.output)")
            #expect(verdict.says("/a long name.txt"))
        }
    }

    @Test(
        .needs("genimage", "mkfs.fat", "mcopy"),
        arguments: [("gpt", #"partition-type-uuid = "U""#), ("mbr", "partition-type = 0xEF")])
    func `genimage`(_ table: String, _ type: String) async throws {
        try await withFiles { folder, _ in
            let configuration = """
                image esp.vfat {
                    vfat { files = {"EFI", "kernel-x86_64"} }
                    size = 40M
                }
                image disk.img {
                    hdimage { partition-table-type = "\(table)" }
                    partition esp {
                        image = "esp.vfat"
                        \(type)
                    }
                }
                """
            try write(configuration.utf8, to: folder.appending("genimage.cfg"))
            try await run(
                """
                mkdir root
                genimage --config genimage.cfg --rootpath root --inputpath . --tmppath temporary
                """, in: folder)
            for name in ["disk.img", "esp.vfat"] {
                let image = folder.appending("images/\(name)").string
                let verdict = try await Project.bootimage("verify", image)
                verdict.expectSuccess()
                #expect(verdict.says("/EFI/BOOT/BOOTX64.EFI"), "\(verdict.output)")
            }
        }
    }

    @Test(.needs("grub-mkrescue", "xorriso", "mformat"))
    func `the ESP that grub-mkrescue makes, and the whole of it`() async throws {
        try await withFiles { folder, _ in
            try await run(
                """
                mkdir root
                grub-mkrescue --output=disk.iso root
                xorriso -osirrox on -indev disk.iso -extract /efi.img efi.img
                """, in: folder)
            for name in ["efi.img", "disk.iso"] {
                let verdict = try await Project.bootimage("verify", folder.appending(name).string)
                verdict.expectSuccess()
                #expect(verdict.says("/EFI/BOOT/BOOTX64.EFI"), "\(verdict.output)")
            }
        }
    }

    @Test(arguments: ["512", "4096"])
    func `Linux agrees with verify`(_ sectorSize: String) async throws {
        try await withFiles { folder, image in
            try await Project.bootimage.succeed([
                "build", folder.appending("kernel-x86_64").string, "--firmware", "uefi",
                "--sector-size", sectorSize, "--output", image, "--file",
                "Ünï/a long name.txt=\(folder)/a long name.txt",
            ])
            let verdict = try await Project.bootimage.succeed(["verify", "--guestfs", image])
            #expect(verdict.output.hasPrefix("\(image): sound\n"), "\(verdict.text)")
            #expect(verdict.error.contains("\npartition 1: done in "), "\(verdict.text)")
        }
    }

    /// A folder with a loader, a kernel and a file, and the path of an image that is not there yet.
    private func withFiles(
        _ body: (_ folder: FilePath, _ image: String) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            let loader = try makeFolder(folder.appending("EFI/BOOT")).appending("BOOTX64.EFI")
            try write(read(Project.root.appending("Bootloader/Prebuilt/BOOTX64.EFI")), to: loader)
            try write(read(kernel), to: folder.appending("kernel-x86_64"))
            try write("text\n".utf8, to: folder.appending("a long name.txt"))
            try await body(folder, folder.appending("disk.img").string)
        }
    }

    /// Runs commands in a folder, each of which must succeed.
    private func run(_ commands: String, in folder: FilePath) async throws {
        let verdict = try await Tool(name: "sh").run(
            ["-e", "-c", commands], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            workingDirectory: folder)
        try #require(verdict.exitCode == 0, "\(verdict.text)")
    }
}
