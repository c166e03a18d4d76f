import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// `bootimage inspect` of images that other tools make.
struct InspectForeignTests {
    @Test(.needs("sgdisk", "mkfs.ext4", "mkswap", "mkfs.fat", "mcopy"))
    func `partitions of every type, known or not, and the gaps between them`() async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("disk.img")
            try await Self.run(
                """
                truncate --size 40M disk.img
                sgdisk --new 1:2048:+8M --typecode 1:EF00 --new 2:20480:+4M --typecode 2:8300 \
                    --new 3:30720:+2M --typecode 3:8200 --new 4:40960:+1M \
                    --change-name '4:Ünï <w>' \
                    --typecode 4:11111111-2222-3333-4444-555555555555 disk.img
                truncate --size 8M p1; mkfs.fat -F 12 -h 2048 -n ESP p1
                echo hello >hello.txt; mcopy -i p1 hello.txt ::/
                truncate --size 4M p2; mkfs.ext4 -q p2
                truncate --size 2M p3; mkswap p3
                dd if=p1 of=disk.img bs=512 seek=2048 conv=notrunc
                dd if=p2 of=disk.img bs=512 seek=20480 conv=notrunc
                dd if=p3 of=disk.img bs=512 seek=30720 conv=notrunc
                """, in: folder)
            let report = try await InspectJSONTests.report(of: image)
            #expect(report.partitions.map(\.file_system) == ["FAT12", "ext4", "swap", nil])
            #expect(
                report.partitions.map(\.type_name) == [
                    "EFI system", "Linux data", "Linux swap", nil,
                ])
            #expect(
                report.regions.map { "\($0.first_sector) \($0.kind)" } == [
                    "0 boot-sector", "1 partition-table", "2 partition-table", "34 unallocated",
                    "2048 partition", "18432 unallocated", "20480 partition", "28672 unallocated",
                    "30720 partition", "34816 unallocated", "40960 partition", "43008 unallocated",
                    "81887 partition-table", "81919 partition-table",
                ])
            let text = try await Project.bootimage("inspect", image.string).output
            let unknown = "partition 4, type 11111111-2222-3333-4444-555555555555, “Ünï <w>”"
            #expect(text.contains(unknown), "\(text)")
            try await Project.bootimage.succeed([
                "inspect", image.string, "--extract", "hello.txt", "--output", "\(folder)/out",
            ])
            #expect(try read(folder.appending("out")) == Array("hello\n".utf8))
        }
    }

    @Test(.needs("mkfs.fat", "mcopy"), arguments: [("12", 2), ("16", 8), ("32", 64)])
    func `a FAT volume alone`(_ type: String, _ mebibytes: Int) async throws {
        try await withTemporaryFolder { folder in
            try await Self.run(
                """
                truncate --size \(mebibytes)M volume.img
                mkfs.fat -F \(type) -s 1 -n ALONE volume.img
                echo hello >hello.txt; mcopy -i volume.img hello.txt ::/
                """, in: folder)
            let image = folder.appending("volume.img")
            let report = try await InspectJSONTests.report(of: image)
            #expect(report.format == "FAT volume" && report.boot_sector == nil)
            #expect(report.regions.map(\.name) == ["FAT\(type) volume"])
            #expect(report.volumes.map(\.label) == ["ALONE"])
            let file = report.volumes.first?.files.first { !$0.folder }
            #expect(file?.path.lowercased() == "/hello.txt" && file?.size == 6)
            #expect(file?.modified?.hasPrefix("20") == true)
        }
    }

    /// Laid out as grub-mkrescue does it, but with boot images of its own: which ones
    /// grub-mkrescue writes depends on the GRUB packages installed.
    @Test(.needs("xorriso", "mformat", "mmd", "mcopy"))
    func `an ISO 9660 volume for BIOS and UEFI`() async throws {
        try await withTemporaryFolder { folder in
            try await Self.run(
                """
                mkdir -p root/deep/er root/boot
                seq 10000 >'root/deep/er/A long name.txt'
                yes | head -c 440 >mbr
                yes | head -c 4096 >root/boot/bios.img
                mformat -C -f 2880 -i root/boot/efi.img ::
                mmd -i root/boot/efi.img ::/EFI ::/EFI/BOOT
                mcopy -i root/boot/efi.img mbr ::/EFI/BOOT/BOOTX64.EFI
                xorriso -as mkisofs -quiet -r -J -o disk.iso -G mbr --protective-msdos-label \
                    -c /boot/catalog -b /boot/bios.img -no-emul-boot -boot-load-size 4 \
                    -eltorito-alt-boot -efi-boot-part --efi-boot-image -e /boot/efi.img \
                    -no-emul-boot root
                """, in: folder)
            let image = folder.appending("disk.iso").string
            let verdict = try await Project.bootimage("inspect", image)
            verdict.expectSuccess()
            for words in [
                "\(image): ISO 9660 and GPT", "boot image  BIOS, at offset 0x",
                "boot image  UEFI, at offset 0x", ", boot image for BIOS\n",
                "partition 2, EFI system, FAT12", "ISO 9660 descriptors", "El Torito catalogue",
                "boot sector            not of this version of bootimage",
            ] {
                #expect(verdict.says(words), "\(words) in \(verdict.output.prefix(4000))")
            }
            try await Project.bootimage.succeed([
                "inspect", image, "--extract", "deep/er/A long name.txt", "--output",
                "\(folder)/out",
            ])
            let text = folder.appending("root/deep/er").appending("A long name.txt")
            #expect(try read(folder.appending("out")) == read(text))
            let files = try await InspectJSONTests.report(of: FilePath(image)).iso9660?.files ?? []
            let found = try await Tool(name: "find").succeed(["\(folder)/root", "-type", "f"])
            #expect(files.filter { !$0.folder }.count > found.lines.count)
        }
    }

    @Test func `what is neither kernel nor image is told to be no kernel`() async throws {
        try await withTemporaryFolder { folder in
            let file = folder.appending("file")
            for bytes in [[], [UInt8](repeating: 0, count: 1 << 20), [1, 2, 3, 4]] {
                try write(bytes, to: file)
                let verdict = try await Project.bootimage("inspect", file.string)
                #expect(verdict.exitCode == 65)
                #expect(verdict.says(": not loadable\n"), "\(verdict.text)")
            }
        }
    }

    @Test(.needs("qemu-img", "gzip"))
    func `compressed images and containers are refused, with a remedy`() async throws {
        try await withTemporaryFolder { folder in
            try await Self.run("truncate --size 1M raw; gzip -k raw", in: folder)
            for format in ["qcow2", "vmdk", "vdi", "vhdx", "vpc"] {
                let image = folder.appending(format).string
                try await Tool(name: "qemu-img").succeed([
                    "convert", "-O", format, "\(folder)/raw", image,
                ])
                try await Project.bootimage("inspect", image)
                    .expectRefusal(
                        65, saying: image, "qemu-img convert -f \(format) -O raw \(image)")
            }
            try await Project.bootimage("inspect", "\(folder)/raw.gz")
                .expectRefusal(65, saying: "is compressed; decompress it first: gzip -dk -- ")
        }
    }

    private static func run(_ commands: String, in folder: FilePath) async throws {
        let verdict = try await Tool(name: "sh").run(
            ["-e", "-c", commands], environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"],
            workingDirectory: folder)
        try #require(verdict.exitCode == 0, "\(verdict.text)")
    }
}
