package import DiskImage

/// The firmware or the board that an image boots on.
public enum ImageKind: String, CaseIterable, Sendable {
    /// BIOS: a raw disk with the loader before its first MiB.
    case bios
    /// UEFI: a disk with an EFI system partition.
    case uefi
    /// Both, from a disk with an EFI system partition.
    case hybrid
    /// Both, from a disk or an optical disc: the bytes are also an ISO 9660 volume.
    case disc
    /// Raspberry Pi 3: a card with the kernel alone, without a loader.
    case raspi3
    /// Raspberry Pi 4: the same.
    case raspi4
    /// Raspberry Pi 5: the same.
    case raspi5

    /// The kinds that `--firmware` takes; a disc is a format there.
    package static let forFirmware: [Self] = [.bios, .uefi, .hybrid]
    /// The images that are written by default: one for each firmware.
    package static let defaults: [Self] = [.bios, .uefi]

    /// The image for one firmware alone.
    package init(_ firmware: Firmware) { self = firmware == .bios ? .bios : .uefi }

    /// The card for a board.
    package init(_ board: Board) {
        self =
            switch board {
            case .raspi3: .raspi3
            case .raspi4: .raspi4
            case .raspi5: .raspi5
            }
    }

    /// The board that the image is a card for; nil if firmware starts a loader from it.
    package var board: Board? { Board(rawValue: rawValue) }

    package var firmwares: [Firmware] {
        switch self {
        case .bios: [.bios]
        case .uefi: [.uefi]
        case .hybrid, .disc: [.bios, .uefi]
        case .raspi3, .raspi4, .raspi5: []
        }
    }

    package var hasESP: Bool { firmwares.contains(.uefi) }

    /// Whether the user's own files have a place.
    package var hasFileSystem: Bool { hasESP || board != nil }
}

/// The form of an image's file: a disk in a container, or a disc.
package enum ImageFormat: RawRepresentable, Equatable, Sendable, CaseIterable {
    case container(ContainerFormat)
    /// ISO 9660; the same bytes are also a disk.
    case iso

    package static let allCases = ContainerFormat.allCases.map(Self.container) + [.iso]

    var container: ContainerFormat? {
        if case .container(let format) = self { format } else { nil }
    }

    package var rawValue: String { container?.rawValue ?? "iso" }

    package init?(rawValue: String) {
        guard let format = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
            return nil
        }
        self = format
    }
}

extension ContainerFormat {
    var fileExtension: String { self == .raw ? "img" : rawValue }
}
