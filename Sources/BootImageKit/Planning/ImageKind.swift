package import DiskImage

/// The firmware that an image boots on.
public enum ImageKind: String, CaseIterable, Sendable {
    /// BIOS: a raw disk with the loader before its first MiB.
    case bios
    /// UEFI: a disk with an EFI system partition.
    case uefi
    /// Both, from a disk with an EFI system partition.
    case hybrid
    /// Both, from a disk or an optical disc: the bytes are also an ISO 9660 volume.
    case disc

    /// The kinds that `--firmware` takes; a disc is a format there.
    package static let forFirmware: [Self] = [.bios, .uefi, .hybrid]
    /// The images that are written by default: one for each firmware.
    package static let defaults: [Self] = [.bios, .uefi]

    /// The image for one firmware alone.
    package init(_ firmware: Firmware) {
        switch firmware {
        case .bios: self = .bios
        case .uefi: self = .uefi
        }
    }

    /// The firmware that starts it.
    package var firmwares: [Firmware] {
        switch self {
        case .bios: [.bios]
        case .uefi: [.uefi]
        case .hybrid, .disc: [.bios, .uefi]
        }
    }

    /// Whether it has an EFI system partition.
    package var hasESP: Bool { self != .bios }
}
