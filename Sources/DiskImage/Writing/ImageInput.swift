public import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file whose bytes go into an image.
public struct ImageInput: Sendable {
    /// The file, open for reading; it stays open, and its position stays where it is.
    public let descriptor: FileDescriptor
    /// The file's name, for errors.
    public let path: FilePath
    /// Its length when this value was made.
    public let byteCount: ByteCount

    private let version: Version

    /// Takes note of the file as it is now: the writer refuses it when it has changed since.
    ///
    /// - Throws: ``WriteError/failed(step:path:errno:)`` if the file cannot be looked at.
    public init(_ descriptor: FileDescriptor, path: FilePath) throws(WriteError) {
        self.descriptor = descriptor
        self.path = path
        let status = try Self.status(of: descriptor, path)
        byteCount = ByteCount(UInt64(status.size))
        version = Version(status)
    }

    /// Whether `status` is that of this file.
    func isSameFile(as status: Stat) -> Bool {
        status.deviceID == version.device && status.inode == version.inode
    }

    /// Refuses a file that has changed since this value was made.
    func checkUnchanged() throws(WriteError) {
        guard Version(try Self.status(of: descriptor, path)) == version else {
            throw .inputChanged(path: path)
        }
    }

    private static func status(
        of descriptor: FileDescriptor, _ path: FilePath
    ) throws(WriteError) -> Stat {
        try attempt(.readInput, path) { try descriptor.stat() }
    }

    private struct Version: Equatable, Sendable {
        let device: DeviceID
        let inode: Inode
        let size: Int64
        let modifiedSeconds: Int
        let modifiedNanoseconds: Int

        init(_ status: Stat) {
            device = status.deviceID
            inode = status.inode
            size = status.size
            modifiedSeconds = status.st_mtim.tv_sec
            modifiedNanoseconds = status.st_mtim.tv_nsec
        }
    }
}
