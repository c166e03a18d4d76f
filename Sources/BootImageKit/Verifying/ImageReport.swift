public import DiskImage
import ELFKit
import HostSystem
public import SystemPackage

/// Whether an image is sound, and what it contains.
public struct ImageReport: Equatable, Sendable {
    /// The image's path as the caller passed it.
    public let image: FilePath
    /// Size of the image in bytes.
    public let byteCount: UInt64
    /// The verdict, the findings and the contents.
    public private(set) var verification: Verification
    /// The signatures of the UEFI loaders; one entry for a loader without any.
    public let signatures: [LoaderSignature]

    package init(
        verifying path: FilePath, certificates: [FilePath] = []
    ) throws(InspectionError) {
        let descriptor = try InspectionError.open(path)
        defer { try? descriptor.close() }
        try self.init(verifying: descriptor, named: path, certificates: certificates)
    }

    /// Verifies an image that is open, and stays so; with certificates, each loader must have a
    /// signature by one of them.
    package init(
        verifying descriptor: FileDescriptor, named path: FilePath, certificates: [FilePath] = []
    ) throws(InspectionError) {
        let type = try? descriptor.stat().type
        guard type == .regular || type == .blockSpecial else { throw .notAFile(path) }
        image = path
        let certificates = try certificates.map { path throws(InspectionError) in
            try TrustedCertificate(loading: path)
        }
        let (file, start) = try InspectionError.start(of: descriptor, at: path)
        try InspectionError.refusePacked(file, startingWith: start, at: path)
        try InspectionError.refuseForeign(file, at: path)
        (byteCount, verification, signatures) = try InspectionError.reading(path) {
            var verification = try Verification(of: file, loaderFiles: .bootimage)
            let signatures = try verification.addContents(of: file, trusting: certificates)
                .signatures
            return (file.byteCount.value, verification, signatures)
        }
    }

    /// Adds what Linux reads differently from the FAT volumes of the same image; `report` gets the
    /// progress.
    package mutating func addSecondOpinion(
        reading descriptor: FileDescriptor, report: GuestFSHelper.Report
    ) throws(BuildError) {
        let file = try attempt(ImageFile(descriptor)) { BuildError.input(image, .readFailed($0)) }
        verification.add(
            try SecondOpinion.findings(
                on: verification, of: file, opened: descriptor, at: image, report: report))
    }
}

extension Verification {
    /// Adds findings about signed loaders and kernels; returns what it read of both.
    mutating func addContents(
        of file: ImageFile, trusting certificates: [TrustedCertificate]
    ) throws -> (kernels: [Inspection], signatures: [LoaderSignature]) {
        var signatures: [LoaderSignature] = []
        for volume in volumes {
            let check = try SignedLoaderCheck(
                volume: volume, source: file, certificates: certificates)
            add(check.findings)
            signatures += check.signatures
        }
        if signatures.isEmpty, !certificates.isEmpty {
            add([.noSignedLoader(by: certificates)])
        }
        var kernels: [Inspection] = []
        for kernel in PayloadKernel.all(in: self) {
            let inspection = try kernel.inspection(of: file)
            add(kernel.findings(inspection))
            kernels.append(inspection)
        }
        return (kernels, signatures)
    }
}

/// The JSON of `bootimage verify`; `docs/verify.md` describes the keys.
///
/// Offsets are strings in hexadecimal, because many readers keep numbers in 53 bits.
extension ImageReport: Encodable {
    /// Encodes the report: verdict, findings, signatures, contents.
    public func encode(to encoder: any Encoder) throws {
        let findings: [JSONObject] = verification.findings.map { finding in
            [
                "severity": finding.rule.severity.rawValue, "code": finding.rule.rawValue,
                "message": "\(finding)", "place": finding.place,
                "offset": Number.hex(finding.offset), "field": finding.rule.field,
                "found": finding.found, "allowed": finding.allowed, "remedy": finding.rule.remedy,
            ]
        }
        let contents: [JSONObject] = verification.parts.map { part in
            ["name": part.name, "offset": Number.hex(part.offset), "size": part.byteCount]
        }
        try encoder.encode([
            "file": image.text, "size": byteCount, "format": verification.kind,
            "sound": verification.isSound, "findings": findings,
            "signatures": signatures, "contents": contents,
        ])
    }
}
