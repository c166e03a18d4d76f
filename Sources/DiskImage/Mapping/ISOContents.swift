/// What an ISO 9660 volume tells of itself, and what firmware starts from it (ECMA-119 §8,
/// El Torito 1.0).
public struct ISOContents: Equatable, Sendable {
    /// An image that firmware of some kind starts.
    public struct BootImage: Equatable, Sendable {
        /// The firmware: 0 for a BIOS, 0xEF for UEFI.
        public let platform: UInt8
        /// Whether it may be started.
        public let isBootable: Bool
        /// Where it lies, in bytes from the disk's start, as far as the entry tells its length.
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
        /// Where its bytes lie, or a folder's entries, in bytes from the disk's start.
        public let bytes: Range<UInt64>
    }

    /// Folders of its own over files that other hierarchies have as well.
    public struct Hierarchy: Equatable, Sendable {
        /// Where the names are from.
        public enum Naming: String, Sendable {
            /// Capitals, of ECMA-119 alone.
            case plain = "ISO 9660"
            /// Names as Unix has them.
            case rockRidge = "Rock Ridge"
            /// Names in Unicode.
            case joliet = "Joliet"
        }

        /// Where the names are from.
        public let naming: Naming
        /// Folders and files, each behind the folder around it; the first is the root.
        public let files: [File]
    }

    /// The volume's name.
    public let label: String
    /// How long it is, in bytes.
    public let byteCount: UInt64
    /// Its descriptors, in bytes from the disk's start.
    public let descriptors: Range<UInt64>
    /// Where the list of boot images lies; `nil` without one.
    public let catalogOffset: UInt64?
    /// What firmware starts.
    public let bootImages: [BootImage]
    /// Both orders' tables of each hierarchy, in bytes from the disk's start.
    public let pathTables: [Range<UInt64>]
    /// The same files under different names, the best names first.
    public let hierarchies: [Hierarchy]

    /// The files under the best names.
    public var files: [File] { hierarchies.first?.files ?? [] }

    static let blockByteCount: UInt64 = 2048
}
