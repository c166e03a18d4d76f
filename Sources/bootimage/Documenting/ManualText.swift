import BootImageKit
import GuestKit

/// What the manual page says beyond the commands' own help.
enum ManualText {
    static let description = [
        """
        writes images of a kernel that BIOS and UEFI firmware boot, from the kernel's ELF file, \
        with a loader of its own. It boots them in QEMU as well, for use and for tests. Every \
        command has --help, and every refusal is one line on standard error.
        """
    ]

    /// The sections after the commands.
    static let sections: [MDoc] =
        [.section("ENVIRONMENT")] + list(environment)
        + [.section("FILES")]
        + list([
            (
                "bootimage.toml",
                "A package's settings, beside its Package.swift. "
                    + "The command config prints those that hold."
            ),
            (
                "../libexec/bootimage/bootimage-guestfs",
                "The helper that makes partitions with ext2, ext4, Btrfs or XFS, and that verify "
                    + "--guestfs uses, from the executable's folder on. It links libguestfs; "
                    + "everything else works without it."
            ),
        ])
        + [.section("EXIT STATUS")] + list(statuses)
        + [
            .section("EXAMPLES"), .prose("Write both images beside the kernel:"),
            example("bootimage build kernel.elf"),
            .prose("Boot it on UEFI, with 1 GiB of memory and a network card of QEMU's:"),
            example("bootimage run --firmware uefi --memory 1G kernel.elf -- -nic user"),
            .prose("Boot two kernels on BIOS and UEFI, and keep the results for CI:"),
            example("bootimage test --timeout 20 --junit results.xml a.elf b.elf"),
            .prose("List the disks, then write an image for both firmwares to a USB stick:"),
            example("bootimage flash"), example("bootimage flash kernel.hybrid.img /dev/sdb"),
            .section("SEE ALSO"),
            .macro("Xr", [.plain("qemu-system-x86_64"), .plain("1")]),
        ]

    private static let environment = [
        (
            "BOOTIMAGE_FIRMWARE",
            "bios or uefi. Every other key of bootimage.toml has such a variable too: BOOTIMAGE_ "
                + "and the key in capitals, with underscores."
        ),
        (
            "LIBGUESTFS_DEBUG",
            "1 prints what libguestfs and its virtual machine log. guestfs(3) has more variables."
        ),
        ("PATH", "Where QEMU and other programs are looked for."),
        (
            "SOURCE_DATE_EPOCH",
            "The time of the files in an image, in seconds since 1970; else a constant."
        ),
        (
            "TMPDIR",
            "Where file systems are made before they are copied into an image; else /var/tmp."
        ),
        (
            "XDG_CONFIG_HOME",
            "Where the user's descriptors of firmware are, in qemu/firmware; else in .config."
        ),
    ]

    private static let statuses = [
        ("0", "Done."),
        ("1", "test: not all passed."),
        ("64", "The command line is wrong."),
        ("65", "The kernel, the image or another input is bad, or too long."),
        ("66", "An input is missing."),
        ("69", "QEMU, its UEFI firmware or another program is missing."),
        ("73", "The output cannot be made."),
        ("74", "Reading or writing failed."),
        ("124", "The guest did not end within --timeout."),
        (
            "other",
            "run and runner end with QEMU's own status, or with 128 and the number of the signal "
                + "that ended QEMU or them."
        ),
    ]

    private static func list(_ items: [(String, String)]) -> [MDoc] {
        [.macro("Bl", [.plain("-tag"), .plain("-width"), .plain("Ds")])]
            + items.flatMap { [MDoc.macro("It", [.text($0.0)]), .prose($0.1)] }
            + [.macro("El", [])]
    }

    private static func example(_ command: String) -> MDoc {
        .macro("Dl", [.text(command)])
    }
}
