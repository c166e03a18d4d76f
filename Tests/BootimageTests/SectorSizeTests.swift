import SystemPackage
import TestSupport
import Testing

/// `--sector-size 4096`: images for disks that have no sectors of 512 bytes.
@Suite(.needs("clang", "ld.lld"))
struct SectorSizeTests {
    /// The tools look at a disk that QEMU gives such sectors, under the Linux of libguestfs.
    ///
    /// In a file they take sectors of 512 bytes for granted (only sfdisk can be told otherwise,
    /// from util-linux 2.39 on), and a loop device needs root. The disk has a label, because which
    /// one is /dev/sda is a matter of luck; parted comes last, because Linux takes the partition
    /// away for a moment after a program could have written to the disk.
    @Test(.needs("guestfish", "sha256sum"))
    func `Linux and its tools find everything in order`() async throws {
        try await withImage { folder, kernel, image in
            let text = try await Guestfish.run(
                """
                add-drive \(image) format:raw readonly:true blocksize:4096 label:disk
                run
                list-filesystems
                debug sh "fsck.fat -n /dev/disk/guestfs/disk1"
                mount-ro /dev/disk/guestfs/disk1 /
                checksum sha256 /kernel-x86_64
                umount /
                debug sh "sgdisk -v /dev/disk/guestfs/disk"
                debug sh "sfdisk --verify /dev/disk/guestfs/disk"
                debug sh "parted -s -m /dev/disk/guestfs/disk unit s print"
                """, in: folder)
            let kernelSum = try await Tool(name: "sha256sum").succeed([kernel]).output.prefix(64)
            for praise in [
                "1: vfat\nfsck.fat ", "\n\(kernelSum)\n", "No problems found",
                "/disk:\nNo errors detected.", ":4096:4096:gpt:",
                ":fat32:EFI System Partition:boot, esp;",
            ] {
                #expect(text.contains(praise), "“\(praise)” is not in:\n\(text)")
            }
            for blame in ["Caution", "Warning", "mismatch", "corrupt", "overlap"] {
                #expect(!text.contains(blame), "\(text)")
            }
            // Anything else that fsck.fat has to say comes between its two lines.
            let clean = #/fsck\.fat .*\n/dev/disk/guestfs/disk1: 5 files, \d+/\d+ clusters\n/#
            #expect(text.contains(clean), "\(text)")
        }
    }

    @Test func `run knows an image for such a disk`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let image = try await build(kernel, in: folder)
            let verdict = try await qemu.run(["run", image])
            #expect(verdict.says("pflash"), "\(verdict.text)")
            #expect(verdict.says("drive=image,bootindex=0,logical_block_size=4096"))
            try await qemu.run(["run", image, "--sector-size", "512"])
                .expectRefusal(64, saying: "--sector-size", image)
        }
    }

    @Test func `run builds for such a disk with UEFI alone`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let options = ["run", kernel, "--sector-size", "4096"]
            try await qemu.run(options).expectRefusal(64, saying: "--firmware uefi")
            #expect(try names(in: folder) == ["kernel.elf"])
            let built = try await qemu.run(options + ["--firmware", "uefi"])
            #expect(built.says("drive=image,bootindex=0,logical_block_size=4096"))
            let again = try await qemu.run(["run", "\(folder)/bootimage-kernel.uefi.img"])
            #expect(again.output == built.output)
        }
    }

    @Test(arguments: [[], ["--firmware", "bios"], ["--firmware", "bios", "--firmware", "uefi"]])
    func `build refuses what a BIOS would have to start`(_ firmware: [String]) async throws {
        try await withKernel { folder, kernel in
            let options = ["build", kernel.string, "--sector-size", "4096"] + firmware
            try await Project.bootimage.run(options)
                .expectRefusal(64, saying: "--sector-size 4096", "512", "--firmware uefi")
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `sectors of 512 bytes are the default`() async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage.succeed(["build", kernel.string, "--name", "default"])
            try await Project.bootimage.succeed([
                "build", kernel.string, "--name", "given", "--sector-size", "512",
            ])
            for firmware in ["bios", "uefi"] {
                let images = ["default", "given"].map {
                    "\(folder)/bootimage-\($0).\(firmware).img"
                }
                try await Tool(name: "cmp").succeed(images)
            }
        }
    }

    private func withImage(
        _ body: (_ folder: FilePath, _ kernel: String, _ image: String) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            try await body(folder, kernel.string, build(kernel.string, in: folder))
        }
    }

    private func build(_ kernel: String, in folder: FilePath) async throws -> String {
        let image = folder.appending("disk.img").string
        try await Project.bootimage.succeed([
            "build", kernel, "--firmware", "uefi", "--sector-size", "4096", "-o", image,
        ])
        return image
    }
}
