import BootImageKit
import GuestKit

/// The text of the manual page beyond the commands' help.
enum ManualText {
    static let description = """
        turns a kernel's ELF file into disk images that boot on BIOS and UEFI, with its own \
        loader. It also boots them in QEMU, interactively or as tests. Every command has --help, \
        and every error is one line on standard error.
        """

    static let sections: [MDoc] =
        [.section("ENVIRONMENT")] + list(environment)
        + [.section("FILES")]
        + list([
            "bootimage.toml":
                "A package's settings, beside its Package.swift. "
                + "The command config prints the effective ones.",
            "../libexec/bootimage/bootimage-guestfs":
                "The helper for partitions with ext2, ext4, Btrfs or XFS and for verify "
                + "--guestfs, relative to the executable's folder. It links libguestfs; "
                + "everything else works without it.",
        ])
        + [.section("EXIT STATUS")] + list(statuses)
        + [
            .section("EXAMPLES"), .prose("Write both images beside the kernel:"),
            example("bootimage build kernel.elf"),
            .prose("Boot it on UEFI, with 1 GiB of memory and a QEMU network card:"),
            example("bootimage run --firmware uefi --memory 1G kernel.elf -- -nic user"),
            .prose("Boot two kernels on BIOS and UEFI, and write the results for CI:"),
            example("bootimage test --timeout 20 --junit results.xml a.elf b.elf"),
            .prose("List the disks, then write an image for both firmwares to a USB stick:"),
            example("bootimage flash"), example("bootimage flash kernel.hybrid.img /dev/sdb"),
            .section("SEE ALSO"),
            .macro("Xr", [.plain("qemu-system-x86_64"), .plain("1")]),
        ]

    private static let environment: KeyValuePairs = [
        "BOOTIMAGE_FIRMWARE":
            "bios, uefi or hybrid. Every key of bootimage.toml but tables has such a variable: "
            + "BOOTIMAGE_ and the key in capitals, with underscores.",
        "LIBGUESTFS_DEBUG":
            "1 prints the log of libguestfs and its virtual machine. guestfs(3) has more "
            + "variables.",
        "PATH": "Search path for QEMU and other programs.",
        "SOURCE_DATE_EPOCH":
            "The time of the files in an image, in seconds since 1970, and the default of "
            + "--build-number. The default is a constant, and no number.",
        "TMPDIR": "The folder for temporary files, such as file systems. The default is /var/tmp.",
        "XDG_CONFIG_HOME":
            "The folder of the user's firmware descriptors, in qemu/firmware. The default is "
            + "~/.config.",
    ]

    private static let statuses: KeyValuePairs = [
        "0": "Success.",
        "1": "test: not every test passed.",
        "64": "Usage error.",
        "65": "The kernel, the image or another input is bad or too large.",
        "66": "An input is missing.",
        "69": "QEMU, its UEFI firmware or another program is missing.",
        "73": "The output cannot be created.",
        "74": "Reading or writing failed.",
        "124": "The guest did not end within --timeout.",
        "other":
            "run and runner exit with QEMU's status, or with 128 plus the number of the signal "
            + "that ended QEMU or bootimage.",
    ]

    private static func list(_ items: KeyValuePairs<String, String>) -> [MDoc] {
        MDoc.list(items.map { ([.text($0.key)], $0.value) })
    }

    private static func example(_ command: String) -> MDoc { .macro("Dl", [.text(command)]) }
}
