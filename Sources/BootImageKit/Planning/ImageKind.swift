package import DiskImage

/// What an image starts on: one firmware, or both.
package enum ImageKind: String, CaseIterable, Sendable {
    case bios
    case uefi
    case hybrid
    /// A hybrid image that is a disc's too; asked for as a format.
    case disc

    /// What can be asked for as firmware.
    package static let forFirmware: [Self] = [.bios, .uefi, .hybrid]

    /// What is written where nobody says anything: one image for each firmware.
    package static let usual: [Self] = [.bios, .uefi]

    /// The image for one firmware alone.
    package init(_ firmware: Firmware) {
        switch firmware {
        case .bios: self = .bios
        case .uefi: self = .uefi
        }
    }

    /// What it starts on.
    package var firmwares: [Firmware] {
        switch self {
        case .bios: [.bios]
        case .uefi: [.uefi]
        case .hybrid, .disc: [.bios, .uefi]
        }
    }

    /// The firmware that a guest boots it on, unless another is chosen.
    package var usualFirmware: Firmware { firmwares[0] }

    /// Whether it has an EFI system partition.
    package var hasESP: Bool { self != .bios }
}
