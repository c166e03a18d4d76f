import BootImageKit
import HostSystem
import SystemPackage

extension ForeignForm {
    /// What a file of this kind is, and the next step; `path` is quoted for a shell.
    func text(_ path: String) -> String {
        switch self {
        case .bzImage: Self.kernel("an x86 Linux kernel (bzImage)")
        case .armLinux: Self.kernel("an AArch64 Linux kernel (Image)")
        case .riscvLinux: Self.kernel("a RISC-V Linux kernel (Image)")
        case .uImage: Self.kernel("a U-Boot image (uImage)")
        case .pe:
            "is a PE program; for UEFI, put it into an image: --file EFI/BOOT/NAME.EFI=\(path)"
        case .elf: "is an ELF file; check it with: bootimage inspect \(path)"
        case .machO: "is a Mach-O file; compile the kernel as ELF for x86_64 or aarch64"
        case .firmwareVolume: "is UEFI firmware, not a disk; specify an image that boots on it"
        case .optionROM: "is an option ROM, not a disk; specify a disk image"
        case .deviceTree: "is a device tree or a FIT image; specify a disk image or an ELF kernel"
        case .ar: "is an ar archive; link it into a kernel with ld.lld or ld"
        case .cpio: "is a cpio archive; pass it as a RAM disk: bootimage build --ramdisk \(path)"
        case .tar: Self.archive("a tar archive", "tar -xf \(path)")
        case .zip: Self.archive("a ZIP archive", "unzip \(path)")
        case .sevenZip: Self.archive("a 7-Zip archive", "7z x \(path)")
        case .rpm: Self.archive("an RPM package", "rpm2archive \(path)")
        case .wim: Self.archive("a WIM archive", "wimextract \(path) 1")
        case .bzip2: Self.compressed("bzip2 -dk -- \(path)")
        case .lz4: Self.compressed("lz4 -dk -- \(path)")
        case .lzma: Self.compressed("xz --format=lzma -dk -- \(path)")
        case .qed: Self.container("qed", path)
        case .parallels: Self.container("parallels", path)
        case .vmdkDescriptor: Self.container("vmdk", path)
        case .androidSparse:
            "is an Android sparse image; convert it first: simg2img \(path) disk.img"
        case .luks: Self.volume("LUKS volume")
        case .squashfs: Self.volume("squashfs file system")
        case .ext: Self.volume("ext2, ext3 or ext4 file system")
        case .xfs: Self.volume("XFS file system")
        case .btrfs: Self.volume("Btrfs file system")
        case .ntfs: Self.volume("NTFS file system")
        case .exFAT: Self.volume("exFAT file system")
        case .erofs: Self.volume("EROFS file system")
        case .cramfs: Self.volume("cramfs file system")
        case .lvm: Self.volume("LVM physical volume")
        case .swap: Self.volume("Linux swap area")
        case .script: "is a script; specify a disk image or an ELF kernel"
        case .text: "is text; specify a disk image or an ELF kernel"
        }
    }

    private static func kernel(_ name: String) -> String {
        "is \(name), which needs Linux's boot protocol; specify a disk image or an ELF kernel"
    }

    private static func archive(_ name: String, _ command: String) -> String {
        "is \(name); extract the image from it: \(command)"
    }

    private static func compressed(_ command: String) -> String {
        "is compressed; decompress it first: \(command)"
    }

    private static func container(_ format: String, _ path: String) -> String {
        "is a container (\(format)), not a raw image; convert it first: "
            + "qemu-img convert -f \(format) -O raw \(path) disk.img"
    }

    private static func volume(_ name: String) -> String {
        "is a \(name) without a partition table; specify the image of a whole disk"
    }
}
