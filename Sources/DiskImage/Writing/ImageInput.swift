public import SystemPackage

import HostSystem

/// A file whose bytes go into an image.
public struct ImageInput: Sendable {
    /// The file, open for reading; it stays open, and its position may change.
    public let descriptor: FileDescriptor
    /// The file's name, for errors.
    public let path: FilePath
    /// Its length when this value was made.
    public let byteCount: ByteCount

    private let version: FileVersion

    /// Takes note of the file as it is now: the writer refuses it when it has changed since.
    ///
    /// - Throws: ``WriteError/failed(step:path:errno:)`` if the file cannot be looked at.
    public init(_ descriptor: FileDescriptor, path: FilePath) throws(WriteError) {
        self.descriptor = descriptor
        self.path = path
        let status = try Self.status(of: descriptor, path)
        byteCount = ByteCount(UInt64(status.size))
        version = FileVersion(status)
    }

    func isSameFile(as status: Stat) -> Bool {
        status.deviceID == version.device && status.inode == version.inode
    }

    /// Refuses a file that has changed since this value was made.
    func checkUnchanged() throws(WriteError) {
        guard FileVersion(try Self.status(of: descriptor, path)) == version else {
            throw .inputChanged(path: path)
        }
    }

    /// The first stretch in a range that is no hole; empty at the range's end if there is none.
    func data(in range: Range<ByteCount>) throws(WriteError) -> Range<ByteCount> {
        let end = ByteCount(UInt64(try Self.status(of: descriptor, path).size))
        guard range.upperBound <= end else {
            throw .inputTooShort(path: path, found: end, needed: range.upperBound)
        }
        guard let start = try seek(from: range.lowerBound, .nextData), start < range.upperBound
        else { return range.upperBound..<range.upperBound }
        return start..<min(try seek(from: start, .nextHole) ?? end, range.upperBound)
    }

    /// The next place of a kind; `nil` if there is none in the file.
    private func seek(
        from start: ByteCount, _ kind: FileDescriptor.SeekOrigin
    ) throws(WriteError) -> ByteCount? {
        try attempt(.readInput, path) {
            do {
                return ByteCount(
                    UInt64(try descriptor.seek(offset: Int64(start.value), from: kind)))
            } catch Errno.noSuchAddressOrDevice {
                return nil
            } catch Errno.invalidArgument {
                // A file system that knows of no holes: all of the file is data.
                return kind == .nextData ? start : nil
            }
        }
    }

    private static func status(
        of descriptor: FileDescriptor, _ path: FilePath
    ) throws(WriteError) -> Stat {
        try attempt(.readInput, path) { try descriptor.stat() }
    }
}

extension FileDescriptor.SeekOrigin {
    /// SEEK_DATA and SEEK_HOLE of lseek(2), whose numbers are Linux's.
    fileprivate static let nextData = Self(rawValue: 3)
    fileprivate static let nextHole = Self(rawValue: 4)
}
