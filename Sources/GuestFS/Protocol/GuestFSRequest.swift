/// What `bootimage` asks the helper to do: one JSON value, the helper's only argument.
///
/// Files are passed as open descriptors, by number, so that no path is ever interpreted twice.
public struct GuestFSRequest: Codable, Equatable, Sendable {
    /// The version of this protocol; the helper refuses any other.
    public static let currentVersion = 1

    /// The file systems that libguestfs makes, by the names that `mkfs` uses.
    public enum FileSystem: String, Codable, Sendable {
        case ext2, ext4, btrfs, xfs
    }

    /// A partition to format and fill.
    public struct Partition: Codable, Equatable, Sendable {
        /// The descriptor of a file of the partition's size, open for writing.
        public var image: Int32
        /// The file system to make.
        public var fileSystem: FileSystem
        /// The file system's label, at most 12 bytes of ASCII.
        public var label: String
        /// The descriptor of the folder whose contents go in, if any.
        public var source: Int32?

        /// Creates the description of one partition.
        public init(image: Int32, fileSystem: FileSystem, label: String, source: Int32?) {
            (self.image, self.fileSystem) = (image, fileSystem)
            (self.label, self.source) = (label, source)
        }
    }

    /// A disk image whose volumes are mounted read-only.
    public struct Disk: Codable, Equatable, Sendable {
        /// The image's descriptor.
        public var image: Int32
        /// 512 or 4096.
        public var sectorByteCount: Int
        /// The partition number of each volume, from 1; nil if the volume fills the disk.
        public var volumes: [Int?]

        /// Creates the description of an image.
        public init(image: Int32, sectorByteCount: Int, volumes: [Int?]) {
            (self.image, self.sectorByteCount) = (image, sectorByteCount)
            self.volumes = volumes
        }
    }

    /// The two jobs of the helper.
    public enum Task: Codable, Equatable, Sendable {
        /// Format every partition and copy its source folder into it.
        case make(partitions: [Partition])
        /// Report every file of every volume with its checksum.
        case read(disk: Disk)
    }

    /// The sender's ``currentVersion``.
    public var version = currentVersion
    /// Whether KVM runs guests here; if not, the appliance is emulated.
    public var usesKVM: Bool
    /// The job.
    public var task: Task

    /// Creates a request in the current version.
    public init(usesKVM: Bool, task: Task) { (self.usesKVM, self.task) = (usesKVM, task) }
}
