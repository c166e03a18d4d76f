/// The files of an ISO 9660 volume, and the images that firmware starts from it (ECMA-119 §8,
/// El Torito 1.0).
public struct ISOContents: Equatable, Sendable {
    /// An image that firmware starts.
    public struct BootImage: Equatable, Sendable {
        /// The firmware: 0 for a BIOS, 0xEF for UEFI.
        public let platform: UInt8
        /// Whether it may be started.
        public let isBootable: Bool
        /// Where it is, in bytes from the disk's start; its entry may understate the length.
        public let bytes: Range<UInt64>

        /// Such as "BIOS".
        public var platformName: String {
            switch platform {
            case 0: "BIOS"
            case 0xEF: "UEFI"
            default: "platform \(hex(platform))"
            }
        }
    }

    /// A file or a folder.
    public struct File: Equatable, Sendable {
        /// The path from the root, with a slash before each name; empty for the root.
        public let path: String
        /// Whether it is a folder.
        public let isFolder: Bool
        /// Where its bytes or a folder's entries are, in bytes from the disk's start.
        public let bytes: Range<UInt64>
    }

    /// One of several folder trees over the same files.
    public struct Hierarchy: Equatable, Sendable {
        /// The notation of the names.
        public enum Naming: String, Sendable {
            /// Capitals, by ECMA-119.
            case plain = "ISO 9660"
            /// Unix names.
            case rockRidge = "Rock Ridge"
            /// Unicode names.
            case joliet = "Joliet"
        }

        /// The notation of the names.
        public let naming: Naming
        /// Folders and files, each after the folder around it; the first is the root.
        public let files: [File]
    }

    /// The volume's label.
    public let label: String
    /// Its length, in bytes.
    public let byteCount: UInt64
    /// Its descriptors, in bytes from the disk's start.
    public let descriptors: Range<UInt64>
    /// Where the boot catalogue is; `nil` without one.
    public let catalogOffset: UInt64?
    /// The images that firmware starts.
    public let bootImages: [BootImage]
    /// The path tables of each hierarchy in both byte orders, in bytes from the disk's start.
    public let pathTables: [Range<UInt64>]
    /// The folder trees, the one with the best names first.
    public let hierarchies: [Hierarchy]

    /// The files under the best names.
    public var files: [File] { hierarchies.first?.files ?? [] }

    static let blockByteCount = UInt64(ISODescriptor.byteCount)
}
