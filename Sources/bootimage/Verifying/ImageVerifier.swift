import DiskImage
import ELFKit
import SystemPackage

/// An image's name with what was found in it.
struct ImageReport {
    let image: FilePath
    let byteCount: UInt64
    let verification: Verification
}

/// Opens an image and checks it.
enum ImageVerifier {
    /// Checks an image; with a second opinion, Linux mounts it too.
    static func verify(
        _ path: FilePath, asksGuestFS: Bool = false
    ) throws(Failure) -> ImageReport {
        let descriptor = try open(path)
        defer { try? descriptor.close() }
        return try verify(descriptor, path, asksGuestFS: asksGuestFS)
    }

    /// Opens what may be an image.
    static func open(_ path: FilePath) throws(Failure) -> FileDescriptor {
        do {
            return try FileDescriptor.openWithoutWaiting(path)
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
    }

    /// Checks an image that is open, and stays so.
    static func verify(
        _ descriptor: FileDescriptor, _ path: FilePath, asksGuestFS: Bool = false
    ) throws(Failure) -> ImageReport {
        let type = try? descriptor.stat().type
        guard type == .regular || type == .blockSpecial else {
            throw Failure(.badInput, "\(path): is a folder, a device or a pipe; name an image")
        }
        let file: ImageFile
        var verification: Verification
        do {
            file = try ImageFile(descriptor)
            verification = try Verification(of: file, bootFiles: .bootimage)
            for volume in verification.volumes {
                verification.add(try SignedLoaderCheck(volume: volume, source: file).findings())
            }
            for kernel in PayloadKernel.all(in: verification) {
                verification.add(try kernel.findings(of: file))
            }
        } catch {
            throw Failure(.inputOutput, "\(path): \(error)")
        }
        if asksGuestFS {
            verification.add(try SecondOpinion.findings(on: verification, of: file, at: path))
        }
        return ImageReport(
            image: path, byteCount: file.byteCount.value, verification: verification)
    }
}

extension [BootFile] {
    /// The files by which this tool's loaders find what they load.
    static let bootimage = BuildInputs.Role.allCases.flatMap { role in
        Architecture.allCases.map { architecture in
            BootFile(path: role.uefiFileName(on: architecture), kind: role.payloadKind)
        }
    }
}
