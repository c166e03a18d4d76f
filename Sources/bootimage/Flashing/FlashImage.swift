import DiskImage
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// An image that was found to be sound, open to be written to a device.
struct FlashImage {
    /// What the choice of a device depends on.
    struct Facts: Equatable {
        var byteCount: UInt64
        var sectorByteCount: Int
        /// Of the file system that it lies in, and its own if it is a device.
        var numbers: Set<DeviceNumber> = []
        var realPath: FilePath?
    }

    let path: FilePath
    let descriptor: FileDescriptor
    let file: ImageFile
    let facts: Facts
    let sectorSize: SectorSize
    private let version: Version

    /// Opens an image that can be started; refuses any other.
    init(_ path: FilePath) throws(Failure) {
        let descriptor = try ImageVerifier.open(path)
        let report = try ImageVerifier.verify(descriptor, path)
        let errors = report.verification.findings.filter { $0.rule.severity == .error }
        if let error = errors.first {
            let more = errors.count > 1 ? ", and \(errors.count - 1) more" : ""
            throw Failure(
                .badInput,
                "\(path): not sound: \(error) [\(error.rule)]\(more); bootimage verify tells all; "
                    + "nothing was written")
        }
        do {
            file = try ImageFile(descriptor)
            let status = try descriptor.stat()
            version = Version(status)
            facts = Facts(
                byteCount: file.byteCount.value,
                sectorByteCount: report.verification.sectorSize.rawValue,
                numbers: Self.numbers(status), realPath: path.resolved)
        } catch {
            throw Failure(.inputOutput, "\(path): cannot be read: \(error)")
        }
        (self.path, self.descriptor) = (path, descriptor)
        sectorSize = report.verification.sectorSize
    }

    /// Whether the file has been written to since it was opened.
    var hasChanged: Bool { (try? descriptor.stat()).map(Version.init) != version }

    private static func numbers(_ status: Stat) -> Set<DeviceNumber> {
        let own = status.type == .blockSpecial ? [UInt64(status.rawValue.st_rdev)] : []
        return Set(([UInt64(status.rawValue.st_dev)] + own).map { DeviceNumber(encoded: $0) })
    }

    private struct Version: Equatable {
        let byteCount: Int64
        let seconds, nanoseconds: Int

        init(_ status: Stat) {
            byteCount = status.size
            (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        }
    }
}
