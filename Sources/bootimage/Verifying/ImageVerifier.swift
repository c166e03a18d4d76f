import DiskImage
import SystemPackage

/// An image's name with what was found in it.
struct ImageReport {
    let image: FilePath
    let byteCount: UInt64
    let verification: Verification
}

/// Opens an image and checks it.
enum ImageVerifier {
    static func verify(_ path: FilePath) throws(Failure) -> ImageReport {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.openWithoutWaiting(path)
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
        defer { try? descriptor.close() }
        let type = try? descriptor.stat().type
        guard type == .regular || type == .blockSpecial else {
            throw Failure(.badInput, "\(path): is a folder, a device or a pipe; name an image")
        }
        do {
            let file = try ImageFile(descriptor)
            return ImageReport(
                image: path, byteCount: file.byteCount.value,
                verification: try Verification(of: file))
        } catch {
            throw Failure(.inputOutput, "\(path): \(error)")
        }
    }
}
