package import DiskImage
package import HostSystem
package import SystemPackage

import Libc

/// An open image that passed verification.
package struct FlashImage {
    /// The facts that decide which devices are suitable.
    package struct Facts: Equatable {
        package var byteCount: UInt64
        var sectorByteCount: Int
        /// The number of its file system's device, and its own if it is a device.
        var numbers: Set<DeviceNumber> = []
        var file: LoopFile?
    }

    package let path: FilePath
    package let descriptor: FileDescriptor
    package let file: ImageFile
    package let facts: Facts
    package let sectorSize: SectorSize
    private let version: Version

    /// Takes an open image that passed verification; `version` is from before that.
    package init(
        _ descriptor: FileDescriptor, path: FilePath, sectorSize: SectorSize, version: Version
    ) throws(FileError) {
        (self.path, self.descriptor, self.sectorSize) = (path, descriptor, sectorSize)
        self.version = version
        do {
            file = try ImageFile(descriptor)
            let status = try descriptor.stat()
            facts = Facts(
                byteCount: file.byteCount.value, sectorByteCount: sectorSize.rawValue,
                numbers: Self.numbers(status), file: LoopFile(status))
        } catch {
            throw .failed(.read, path, error)
        }
    }

    /// Whether the file was changed since before it was verified.
    var hasChanged: Bool { (try? descriptor.stat()).map(Version.init) != version }

    private static func numbers(_ status: Stat) -> Set<DeviceNumber> {
        let own = status.type == .blockSpecial ? [UInt64(status.rawValue.st_rdev)] : []
        return Set(([UInt64(status.rawValue.st_dev)] + own).map { DeviceNumber(encoded: $0) })
    }

    /// The state of a file, to detect changes.
    package struct Version: Equatable {
        let file: LoopFile
        let byteCount: Int64
        /// The time of the last change of the content, which its owner can set, and of the inode,
        /// which the kernel sets.
        let seconds, nanoseconds, inodeSeconds, inodeNanoseconds: Int

        package init(of descriptor: FileDescriptor, path: FilePath) throws(FileError) {
            self.init(try FileError.attempt(.read, path) { try descriptor.stat() })
        }

        init(_ status: Stat) {
            file = LoopFile(status)
            byteCount = status.size
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
            (inodeSeconds, inodeNanoseconds) = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
        }
    }
}
