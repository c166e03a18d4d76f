import CBlockDevice
import Libc
import SystemPackage

/// What an image is written to: a device, or what stands for one in tests.
///
/// Offsets and lengths are multiples of the device's sectors; memory is aligned to pages.
protocol FlashTarget {
    /// Writes from there on; returns how many bytes it was.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Errno) -> Int

    /// Reads what the medium has there; returns how many bytes it was.
    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(Errno) -> Int

    /// Returns when all that was written is on the medium.
    func flush() throws(Errno)
}

/// A block device that this process alone has open, past the page cache.
struct DirectDevice: FlashTarget {
    let descriptor: FileDescriptor

    /// Takes a device that is open already.
    init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Opens it; EBUSY where something is mounted, or it is otherwise in use.
    init(opening path: FilePath) throws(Errno) {
        let number = path.withPlatformString { open_block_device($0) }
        guard number >= 0 else { throw Errno(rawValue: errno) }
        descriptor = FileDescriptor(rawValue: number)
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(Errno) -> Int {
        try Self.check(pwrite(descriptor.rawValue, bytes.baseAddress, bytes.count, off_t(offset)))
    }

    func read(
        into bytes: UnsafeMutableRawBufferPointer, at offset: UInt64
    ) throws(Errno) -> Int {
        try Self.check(pread(descriptor.rawValue, bytes.baseAddress, bytes.count, off_t(offset)))
    }

    func flush() throws(Errno) { _ = try Self.check(Int(fsync(descriptor.rawValue))) }

    /// Lets nobody see what was there before.
    func forgetCache() { _ = forget_cached_blocks(descriptor.rawValue) }

    /// Has the kernel show the new partitions; where it cannot, plugging in again does it.
    func showPartitions() { _ = read_partition_table_again(descriptor.rawValue) }

    private static func check(_ result: Int) throws(Errno) -> Int {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return result
    }
}
