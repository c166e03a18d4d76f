package import DiskImage
import ELFKit
package import HostSystem
package import SystemPackage

/// An image's name with what was found in it.
package struct ImageReport {
    package let image: FilePath
    package let byteCount: UInt64
    package let verification: Verification
}

/// Opens an image and checks it.
package enum ImageVerifier {
    /// Checks an image; with `guestFS`, which gets the progress, Linux mounts it too.
    package static func verify(
        _ path: FilePath, guestFS: GuestFSHelper.Report? = nil
    ) throws(Failure) -> ImageReport {
        let descriptor = try open(path)
        defer { try? descriptor.close() }
        return try verify(descriptor, path, guestFS: guestFS)
    }

    /// Opens what may be an image.
    package static func open(_ path: FilePath) throws(Failure) -> FileDescriptor {
        do {
            return try FileDescriptor.openForReading(path)
        } catch {
            throw Failure(.missingInput, "\(path): cannot be read: \(error)")
        }
    }

    /// Checks an image that is open, and stays so.
    package static func verify(
        _ descriptor: FileDescriptor, _ path: FilePath, guestFS: GuestFSHelper.Report? = nil
    ) throws(Failure) -> ImageReport {
        let type = try? descriptor.stat().type
        guard type == .regular || type == .blockSpecial else {
            throw Failure(.badInput, "\(path): is a folder, a device or a pipe; name an image")
        }
        let file: ImageFile
        var verification: Verification
        do {
            file = try ImageFile(descriptor)
            verification = try Verification(of: file, loaderFiles: .bootimage)
            for volume in verification.volumes {
                verification.add(try SignedLoaderCheck(volume: volume, source: file).findings())
            }
            for kernel in PayloadKernel.all(in: verification) {
                verification.add(try kernel.findings(of: file))
            }
        } catch {
            throw Failure(.inputOutput, "\(path): \(error)")
        }
        if let guestFS {
            verification.add(
                try SecondOpinion.findings(
                    on: verification, of: file, opened: descriptor, at: path, report: guestFS))
        }
        return ImageReport(
            image: path, byteCount: file.byteCount.value, verification: verification)
    }
}

extension [LoaderFile] {
    /// The files by which this tool's loaders find what they load.
    static let bootimage = BuildInputs.Role.allCases.flatMap { role in
        Architecture.allCases.map { architecture in
            LoaderFile(path: role.uefiFileName(on: architecture), kind: role.payloadKind)
        }
    }
}
