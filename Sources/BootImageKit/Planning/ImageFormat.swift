package import DiskImage

/// What an image is written as: a disk in a container, or a disc.
package enum ImageFormat: RawRepresentable, Equatable, Sendable, CaseIterable {
    case container(ContainerFormat)
    /// ISO 9660, of which the bytes are those of a disk, too.
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
    /// What the names of such files end in, after a dot.
    var fileExtension: String { self == .raw ? "img" : rawValue }
}
