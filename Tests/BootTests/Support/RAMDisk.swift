import Foundation
import SystemPackage

/// Writes a RAM disk as contract.c expects it: each byte is the low byte of its offset.
///
/// Returns its path.
func writeRAMDisk(byteCount: Int, in folder: FilePath) throws -> String {
    let path = folder.appending("ramdisk").string
    let pattern = Data((0..<1 << 20).map { UInt8(truncatingIfNeeded: $0) })
    var bytes = Data(capacity: byteCount)
    while bytes.count < byteCount { bytes += pattern.prefix(byteCount - bytes.count) }
    try bytes.write(to: URL(filePath: path))
    return path
}
