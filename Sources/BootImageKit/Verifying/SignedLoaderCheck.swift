import DiskImage
import ELFKit

/// Checks this tool's signed loaders: their signatures, and their digests of the files beside them.
///
/// Whether a machine trusts the key depends on the machine.
struct SignedLoaderCheck {
    /// Size limit in bytes; loaders are far smaller.
    private static let largestLoader: UInt64 = 1 << 20

    let volume: FATVolumeContents
    let source: ImageFile

    /// What firmware or loader would refuse; nothing for a loader without digests.
    func findings() throws(DiskReadError) -> [ImageFinding] {
        try Architecture.allCases.map(findings(on:)).flatMap(\.self)
    }

    private func findings(on architecture: Architecture) throws(DiskReadError) -> [ImageFinding] {
        let name = "efi/boot/" + architecture.uefiLoaderName.lowercased()
        guard let file = file(name), file.byteCount <= Self.largestLoader else { return [] }
        var bytes: [UInt8] = []
        for run in file.runs { bytes += try source.read(run.count, at: run.lowerBound) }
        guard let loader = PEImage(bytes), let table = LoaderDigests(in: loader) else { return [] }
        var findings: [ImageFinding] = []
        let signature = loader.bytes[loader.certificates]
        if signature.firstRange(of: loader.authenticodeDigest) == nil {
            findings.append(
                ImageFinding(
                    .loaderSignature, place: file.path, offset: file.start,
                    found: signature.isEmpty ? "missing" : "of other bytes",
                    allowed: "one of this loader"))
        }
        for role in FileRole.allCases {
            findings += try self.findings(
                role.uefiFileName(on: architecture), signed: table.digests[role], file)
        }
        return findings
    }

    /// Compares a file with its digest in the loader.
    private func findings(
        _ name: String, signed: [UInt8]?, _ loader: FATVolumeContents.File
    ) throws(DiskReadError) -> [ImageFinding] {
        let file = file(name)
        let found = try file.map(digest)
        if found == signed { return [] }
        return [
            ImageFinding(
                .loaderDigests, place: file?.path ?? "/\(name)", offset: (file ?? loader).start,
                found: found.map(Self.text) ?? "of no file",
                allowed: signed.map { "\(Self.text($0)), which the signed loader has" }
                    ?? "none: the signed loader has none of such a file")
        ]
    }

    private func digest(of file: FATVolumeContents.File) throws(DiskReadError) -> [UInt8] {
        var digest = SHA256Digest()
        try source.forEachPiece(of: file.runs) { bytes, _ in digest.take(bytes) }
        return digest.bytes
    }

    private func file(_ name: String) -> FATVolumeContents.File? {
        volume.files.first { $0.path.lowercased() == "/\(name)" }
    }

    /// The first bytes, as the loader prints them.
    private static func text(_ digest: [UInt8]) -> String {
        Array(digest.prefix(8)).hexadecimal + "…"
    }
}

extension FATVolumeContents.File {
    fileprivate var start: UInt64 { runs.first?.lowerBound ?? 0 }
}
