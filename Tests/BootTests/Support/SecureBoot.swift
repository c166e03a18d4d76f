import Foundation
import SystemPackage
import TestSupport

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import GuestKit

/// A folder with a kernel and with keys, and images of it that are signed.
struct SecureBoot {
    let folder: FilePath
    let kernel: FilePath
    let keys: KeyFolder

    /// Makes keys, which takes a second.
    init(_ kernel: SampleKernel, in folder: FilePath) async throws {
        self.folder = folder
        self.kernel = try await kernel.build(in: folder)
        keys = KeyFolder(path: folder.appending("keys"))
        try await Project.bootimage.succeed(["keys", "new", "--directory", keys.path.string])
    }

    /// What boots with these keys enrolled.
    var options: [String] { ["--secure-boot", "--keys", keys.path.string] }

    /// What signs with these keys.
    var signingOptions: [String] {
        ["--sign-key", keys.identity.key.string, "--sign-cert", keys.identity.certificate.string]
    }

    /// Builds a signed image.
    func buildImage(
        for firmware: String = "uefi", _ options: [String] = []
    ) async throws -> FilePath {
        let image = folder.appending("disk.img")
        try await Project.bootimage.succeed(
            ["build", kernel.string, "--firmware", firmware, "-o", image.string] + signingOptions
                + options)
        return image
    }

    /// What `bootimage test` says of an image: it ends as soon as loader or firmware refuse.
    func judge(_ image: FilePath, _ options: [String]) async throws -> Tool.Verdict {
        try await BootSlots.shared.run {
            try await Project.bootimage.run(
                ["test", image.string, "--firmware", "uefi", "--timeout", "\(patience)"] + options)
        }
    }

    /// Changes one byte of a file in an image, the last.
    static func changeLastByte(of path: String, in image: FilePath) throws {
        let report = try ImageReport(verifying: image)
        let files = report.verification.volumes.flatMap(\.files)
        guard let file = files.first(where: { $0.path == path }),
            let end = file.runs.last?.upperBound
        else { throw CocoaError(.fileNoSuchFile) }
        let handle = try FileHandle(forUpdating: URL(filePath: image.string))
        defer { try? handle.close() }
        try handle.seek(toOffset: end - 1)
        let byte = try handle.read(upToCount: 1)?.first ?? 0
        try handle.seek(toOffset: end - 1)
        try handle.write(contentsOf: [byte ^ 1])
    }
}
