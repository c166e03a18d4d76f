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
        var realPath: FilePath?
    }

    package let path: FilePath
    package let descriptor: FileDescriptor
    package let file: ImageFile
    package let facts: Facts
    package let sectorSize: SectorSize
    private let version: FileVersion

    package init(
        _ descriptor: FileDescriptor, path: FilePath, sectorSize: SectorSize
    ) throws(FileError) {
        (self.path, self.descriptor, self.sectorSize) = (path, descriptor, sectorSize)
        do {
            file = try ImageFile(descriptor)
            let status = try descriptor.stat()
            version = FileVersion(status)
            facts = Facts(
                byteCount: file.byteCount.value, sectorByteCount: sectorSize.rawValue,
                numbers: Self.numbers(status), realPath: path.resolved)
        } catch {
            throw .failed(.read, path, error)
        }
    }

    var hasChanged: Bool { (try? descriptor.stat()).map(FileVersion.init) != version }

    private static func numbers(_ status: Stat) -> Set<DeviceNumber> {
        let own = status.type == .blockSpecial ? [UInt64(status.rawValue.st_rdev)] : []
        return Set(([UInt64(status.rawValue.st_dev)] + own).map { DeviceNumber(encoded: $0) })
    }
}
