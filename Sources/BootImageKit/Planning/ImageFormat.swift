package import DiskImage

/// The form of an image's file: a disk in a container, or a disc.
package enum ImageFormat: RawRepresentable, Equatable, Sendable, CaseIterable {
    case container(ContainerFormat)
    /// ISO 9660; the same bytes are also a disk.
    case iso

    package static let allCases = ContainerFormat.allCases.map(Self.container) + [.iso]

    package var rawValue: String {
        switch self {
        case .container(let format): format.rawValue
        case .iso: "iso"
        }
    }

    package init?(rawValue: String) {
        guard let format = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
            return nil
        }
        self = format
    }
}

extension ContainerFormat {
    /// The extension of such files' names.
    var fileExtension: String { self == .raw ? "img" : rawValue }
}
