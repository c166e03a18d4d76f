package import SystemPackage

import Libc

/// An image's file, read where it is asked for.
package struct ImageFile: DiskSource {
    private let descriptor: FileDescriptor
    package let byteCount: ByteCount

    /// Reads a file or a block device that stays open meanwhile.
    package init(_ descriptor: FileDescriptor) throws(Errno) {
        self.descriptor = descriptor
        do {
            byteCount = ByteCount(UInt64(try descriptor.seek(offset: 0, from: .end)))
        } catch {
            throw error as? Errno ?? .ioError
        }
    }

    package func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                filled = 0
                while filled < count {
                    let rest = UnsafeMutableRawBufferPointer(
                        rebasing: UnsafeMutableRawBufferPointer(buffer)[filled..<count])
                    let read = try descriptor.read(
                        fromAbsoluteOffset: Int64(offset) + Int64(filled), into: rest)
                    if read == 0 {
                        throw DiskReadError(
                            offset: offset, cause: "the file became shorter meanwhile")
                    }
                    filled += read
                }
            }
        } catch {
            throw error as? DiskReadError ?? DiskReadError(offset: offset, cause: "\(error)")
        }
    }
}

/// A file at one moment: another file differs from it, and so does the same file after a change.
package struct FileVersion: Equatable, Sendable {
    let device: DeviceID
    let inode: Inode
    private let size: Int64
    private let seconds, nanoseconds: Int

    package init(_ status: Stat) {
        (device, inode, size) = (status.deviceID, status.inode, status.size)
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
}
