import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// Checks the signatures of UEFI loaders, and this tool's signed loaders' digests of the files
/// beside them.
struct SignedLoaderCheck {
    /// Size limit in bytes; a loader with a kernel in it may have some tens of MiB.
    private static let largestLoader: UInt64 = 128 << 20
    /// Firmware looks for one of each name.
    private static let largestLoaderCount = 16

    private let volume: FATVolumeContents
    private let source: ImageFile
    private let prover: SignatureProver
    private(set) var signatures: [LoaderSignature] = []
    /// What firmware or loader would refuse, and what is not as the certificates demand.
    private(set) var findings: [ImageFinding] = []

    init(
        volume: FATVolumeContents, source: ImageFile, certificates: [TrustedCertificate]
    ) throws {
        (self.volume, self.source) = (volume, source)
        prover = SignatureProver(certificates: certificates)
        let loaders = volume.files.filter { EFILoaderNames.contain(path: $0.path) }
        for (index, file) in loaders.enumerated() {
            guard index < Self.largestLoaderCount, file.byteCount <= Self.largestLoader else {
                add([file.signature(.unchecked(.tooLarge))], of: file, hasDigests: false)
                continue
            }
            try check(file)
        }
    }

    private mutating func check(_ file: FATVolumeContents.File) throws {
        var bytes: [UInt8] = []
        for run in file.runs { bytes += try source.read(run.count, at: run.lowerBound) }
        guard let loader = PEImage(bytes) else {
            return add([file.signature(.unchecked(.notPE))], of: file, hasDigests: false)
        }
        let table = LoaderDigests(in: loader)
        var found = try signatures(of: loader, file)
        for index in found.indices { found[index].buildNumber = table?.buildNumber }
        add(found, of: file, hasDigests: table != nil)
        guard let table else {
            if found.contains(where: \.isVerified) { checkUnused(loader, file) }
            return
        }
        let architecture = Architecture.allCases.first {
            file.path.lowercased().hasSuffix("/" + $0.uefiLoaderName.lowercased())
        }
        for role in FileRole.allCases {
            guard let architecture else { continue }
            findings += try findings(
                role.uefiFileName(on: architecture), signed: table.digests[role], file)
        }
    }

    /// The loader's signatures, or that it has none.
    private func signatures(
        of loader: PEImage, _ file: FATVolumeContents.File
    ) throws -> [LoaderSignature] {
        let entries: [[UInt8]]
        do throws(SignatureFault) { entries = try loader.signatures } catch {
            return [file.signature(.invalid(error))]
        }
        if entries.isEmpty { return [file.signature(.unsigned)] }
        let digest = loader.authenticodeDigest
        return try entries.map { entry in
            let signature: AuthenticodeSignature
            do throws(SignatureFault) { signature = try AuthenticodeSignature(entry) } catch {
                return file.signature(
                    error == .otherDigest ? .unchecked(.otherDigest) : .invalid(error))
            }
            return file.signature(
                signature.digest == digest
                    ? try prover.state(of: signature) : .invalid(.otherBytes),
                by: signature.signer)
        }
    }

    /// Adds a loader's signatures and what is wrong with them.
    private mutating func add(
        _ found: [LoaderSignature], of file: FATVolumeContents.File, hasDigests: Bool
    ) {
        signatures += found
        let trusted = prover.certificates.map { $0.path.text }.joined(separator: " or ")
        let isTrusted = found.contains(where: \.isVerified)
        let allowed = trusted.isEmpty ? "one of this loader" : "one by \(trusted)"
        for signature in found {
            let (rule, text): (ImageRule, String)
            switch signature.state {
            case .unverified, .verified: continue
            case .unsigned:
                if trusted.isEmpty, !hasDigests { continue }
                (rule, text) = (.loaderSignature, "missing")
            case .otherSigner:
                if isTrusted { continue }
                (rule, text) = (.loaderSignature, "by “\(signature.signer ?? "?")”")
            case .invalid(let fault): (rule, text) = (.loaderSignature, fault.text)
            case .unchecked(.notPE) where trusted.isEmpty: continue
            case .unchecked(let obstacle):
                let isDemanded = !trusted.isEmpty && !isTrusted
                rule = isDemanded ? .loaderSignature : .loaderSignatureUnchecked
                text = "not checked: \(obstacle.text)"
            }
            findings.append(
                ImageFinding(
                    rule, place: file.path, offset: file.start, found: text, allowed: allowed))
        }
    }

    /// A loader of this tool that verifies nothing would start any kernel, whoever signed it.
    private mutating func checkUnused(_ loader: PEImage, _ file: FATVolumeContents.File) {
        guard LoaderDigests.isPlace(in: loader) else { return }
        findings.append(
            ImageFinding(
                .loaderDigests, place: file.path, offset: file.start, found: "of no file",
                allowed: "that of each file which the loader loads"))
    }

    /// Compares a file with its digest in the loader.
    private func findings(
        _ name: String, signed: [UInt8]?, _ loader: FATVolumeContents.File
    ) throws(DiskReadError) -> [ImageFinding] {
        let file = volume.files.first { $0.path.lowercased() == "/\(name)" }
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

    /// The first bytes, as the loader prints them.
    private static func text(_ digest: [UInt8]) -> String {
        Array(digest.prefix(8)).hexadecimal + "…"
    }
}

extension FATVolumeContents.File {
    fileprivate var start: UInt64 { runs.first?.lowerBound ?? 0 }

    fileprivate func signature(
        _ state: LoaderSignature.State, by signer: SignerCertificate? = nil
    ) -> LoaderSignature {
        LoaderSignature(
            loader: path, offset: start, signer: signer?.name,
            certificateDigest: signer.map { SHA256Digest(of: $0.bytes).text }, state: state)
    }
}

extension ImageFinding {
    /// There is no loader to check.
    static func noSignedLoader(by certificates: [TrustedCertificate]) -> ImageFinding {
        ImageFinding(
            .loaderSignature, place: "image", offset: 0, found: "missing: there is no UEFI loader",
            allowed: "one by \(certificates.map { $0.path.text }.joined(separator: " or "))")
    }
}

extension SignatureFault {
    /// What a signature is, after that word.
    fileprivate var text: String {
        switch self {
        case .badTable: "in a damaged certificate table"
        case .trailingBytes: "followed by bytes that it does not cover"
        case .malformed: "damaged"
        case .noSigner: "without a signer"
        case .severalSigners: "by more than one signer"
        case .noCertificate: "without its signer's certificate"
        case .otherDigest: "with another digest than SHA-256"
        case .otherBytes: "of other bytes"
        case .otherKey: "not made with the key of its certificate"
        }
    }
}

extension LoaderSignature.Obstacle {
    fileprivate var text: String {
        switch self {
        case .noProgram: "openssl is not on PATH"
        case .tooLarge: "more than 16 loaders, or one of more than 128 MiB"
        case .notPE: "the loader is damaged or not for 64-bit firmware"
        case .otherDigest: "it uses another digest than SHA-256"
        }
    }
}
