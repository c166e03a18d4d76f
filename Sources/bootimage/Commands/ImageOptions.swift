import ArgumentParser
import BootImageKit
import DiskImage
import HostSystem
import SystemPackage

/// The options of `build` for the images themselves.
struct ImageOptions: ParsableArguments {
    @Option(
        help: "Write an image for this firmware: bios, uefi, or hybrid for both. Repeatable.")
    var firmware: [ImageKind] = []

    @Option(
        help: ArgumentHelp(
            "Write an SD card instead, for raspi3, raspi4 or raspi5, whose firmware starts the "
                + "kernel without a loader.", valueName: "board"))
    var board: Board?

    @Option(
        help: ArgumentHelp(
            "Copy the vendor's boot files, such as start4.elf, from <directory> to the card.",
            valueName: "directory"),
        completion: .directory, transform: FilePath.init(text:))
    var firmwareDirectory: FilePath?

    @Flag(help: "Write the card without the vendor's boot files.")
    var withoutFirmware = false

    @Option(
        help: ArgumentHelp(
            "The disk's sector size in bytes: 512 (default) or 4096. 4096 needs --firmware uefi.",
            valueName: "bytes"))
    var sectorSize: SectorSize?

    @Option(
        name: .customLong("esp-fat"),
        help: ArgumentHelp(
            "The EFI system partition's type of FAT: 12, up to 127 MiB; 16, up to 2047 MiB; or 32 "
                + "(default).", valueName: "bits"))
    var espFAT: FATType?

    @Option(
        help: ArgumentHelp(
            "Make the EFI system partition at least <size>, such as 64MiB.", valueName: "size"))
    var espSize: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Volume label of the EFI system partition: 1 to 11 capitals, digits or punctuation "
                + "(default BOOTIMAGE).", valueName: "label"))
    var volumeLabel: String?

    @Option(
        help: ArgumentHelp(
            "Make each image at least <size>, such as 1GiB; the space after the partitions stays "
                + "free.", valueName: "size"))
    var imageSize: ByteCount?

    @Option(
        help: ArgumentHelp(
            "Number of this build in a signed UEFI loader, larger for newer builds (default "
                + "SOURCE_DATE_EPOCH, else none). Needs --sign-key.", valueName: "n"))
    var buildNumber: UInt64?

    @Flag(
        name: .customLong("active-protective-mbr"),
        help: """
            Mark the only entry in a hybrid image's MBR active, which some BIOSes require; some \
            UEFI firmware then refuses the disk.
            """)
    var activeProtectiveMBR = false

    /// Sets these options.
    func set(_ options: inout BuildOptions) {
        (options.kinds, options.sectorSize) = (firmware, sectorSize)
        (options.espFAT, options.espSize) = (espFAT, espSize)
        (options.volumeLabel, options.imageSize) = (volumeLabel, imageSize)
        options.activeProtectiveMBR = activeProtectiveMBR
        options.buildNumber = buildNumber
        (options.board, options.firmwareDirectory) = (board, firmwareDirectory)
        options.omitsFirmware = withoutFirmware
    }
}
