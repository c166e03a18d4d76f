/// What the helper reports while it works: JSON values on standard output, one a line.
///
/// An `item` is the index of a partition or volume in the request. The last event is
/// ``done`` or ``failed(error:item:)``.
public enum GuestFSEvent: Codable, Equatable, Sendable {
    /// A phase of the work, in the order in which phases occur.
    public enum Step: String, Codable, Sendable {
        /// libguestfs builds its appliance if needed and boots it; counts in twelfths.
        case starting
        /// `mkfs` runs.
        case formatting
        /// Files are copied in; counts bytes.
        case copying
        /// The file system is unmounted, which writes what is still in memory.
        case flushing
        /// Files are read and checksummed; counts files, their total unknown.
        case reading
        /// The item is finished.
        case finished
    }

    /// A file as Linux reads it.
    public struct File: Codable, Hashable, Sendable {
        /// From the volume's root, with a slash before each name.
        public var path: String
        /// Its length.
        public var byteCount: UInt64
        /// The checksum that cksum(1) prints.
        public var checksum: UInt32

        /// Creates the description of a file.
        public init(path: String, byteCount: UInt64, checksum: UInt32) {
            (self.path, self.byteCount, self.checksum) = (path, byteCount, checksum)
        }
    }

    /// A step begins.
    case began(step: Step, item: Int?)
    /// The current step has come this far; a total of 0 is unknown.
    case progress(done: UInt64, total: UInt64)
    /// Linux found this file.
    case found(file: File, item: Int)
    /// Linux could not mount or read this volume; the others go on.
    case unreadable(error: GuestFSError, item: Int)
    /// The work ended early.
    case failed(error: GuestFSError, item: Int?)
    /// The work is complete.
    case done
}
