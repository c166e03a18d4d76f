import CBlockDevice
import Libc
import SystemPackage

/// The target of an image: a device, or a fake in tests.
///
/// Offsets and lengths are multiples of the sector size; memory is aligned to pages.
protocol FlashTarget {
    /// Writes at an offset; returns the number of bytes written.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Errno) -> Int

    /// Reads from the medium at an offset; returns the number of bytes read.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Errno) -> Int

    /// Returns when everything written is on the medium.
    func flush() throws(Errno)
}

/// A block device, opened exclusively and past the page cache.
struct DirectDevice: FlashTarget {
    let descriptor: FileDescriptor

    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Opens a device; throws EBUSY if it is mounted or otherwise in use.
    init(opening path: FilePath) throws(Errno) {
        let number = path.withPlatformString { open_block_device($0) }
        guard number >= 0 else { throw Errno(rawValue: errno) }
        descriptor = FileDescriptor(rawValue: number)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Errno) -> Int {
        try Self.check(pwrite(descriptor.rawValue, bytes.baseAddress, bytes.count, off_t(offset)))
    }

    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Errno) -> Int {
        try Self.check(pread(descriptor.rawValue, bytes.baseAddress, bytes.count, off_t(offset)))
    }

    func flush() throws(Errno) { _ = try Self.check(Int(fsync(descriptor.rawValue))) }

    /// Drops the stale cache.
    func forgetCache() { _ = forget_cached_blocks(descriptor.rawValue) }

    /// Makes the kernel read the new partition table; if it cannot, plugging in again does.
    func showPartitions() { _ = read_partition_table_again(descriptor.rawValue) }

    private static func check(_ result: Int) throws(Errno) -> Int {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return result
    }
}
