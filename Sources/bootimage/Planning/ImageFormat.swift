import DiskImage

/// What an image is written as: a disk in a container, or a disc.
enum ImageFormat: RawRepresentable, Equatable, Sendable, CaseIterable {
    case container(ContainerFormat)
    /// ISO 9660, of which the bytes are those of a disk, too.
    case iso

    static let allCases = ContainerFormat.allCases.map(Self.container) + [.iso]

    var rawValue: String {
        switch self {
        case .container(let format): format.rawValue
        case .iso: "iso"
        }
    }

    init?(rawValue: String) {
        guard let format = Self.allCases.first(where: { $0.rawValue == rawValue }) else {
            return nil
        }
        self = format
    }
}
