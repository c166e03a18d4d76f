import CBlockDevice
import Libc
import SystemPackage

/// The file under a loop device.
struct LoopFile: Hashable, Sendable {
    /// The device of its file system.
    let fileSystem: DeviceNumber
    let inode: UInt64
    /// The device itself, if the file is a device node.
    var device: DeviceNumber?

    /// Whether writing to that device may change the file.
    func lies(on number: DeviceNumber) -> Bool { fileSystem == number || device == number }
}

extension LoopFile {
    init(_ status: Stat) {
        fileSystem = DeviceNumber(encoded: UInt64(status.rawValue.st_dev))
        inode = UInt64(status.rawValue.st_ino)
        if status.type == .blockSpecial {
            device = DeviceNumber(encoded: UInt64(status.rawValue.st_rdev))
        }
    }

    /// Asks the kernel, or without permission for that, looks at the path in sysfs, which may be
    /// that of another mount namespace.
    static func find(node: FilePath, path: FilePath) -> LoopFile? {
        var file = loop_file()
        guard node.withPlatformString({ find_loop_file($0, &file) }) == 0 else {
            return (try? path.stat()).map { LoopFile($0) }
        }
        return LoopFile(
            fileSystem: DeviceNumber(encoded: file.file_system), inode: file.inode,
            device: file.device == 0 ? nil : DeviceNumber(encoded: file.device))
    }
}
