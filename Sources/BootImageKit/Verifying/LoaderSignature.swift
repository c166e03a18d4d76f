import HostSystem
public import SystemPackage

/// A signature of a UEFI loader in an image, or that a loader has none.
public struct LoaderSignature: Equatable, Sendable {
    /// What a check of the signature found.
    public enum State: Equatable, Sendable {
        /// The loader has no signature.
        case unsigned
        /// The signature is valid by the certificate in it; no certificate was specified.
        case unverified
        /// It is valid, by this certificate or by one that this certificate issued.
        case verified(by: FilePath)
        /// It is valid, but by none of the specified certificates.
        case otherSigner
        /// It is not a signature of this loader.
        case invalid(SignatureFault)
        /// It could not be checked.
        case unchecked(Obstacle)
    }

    /// Why a signature could not be checked.
    public enum Obstacle: String, CaseIterable, Sendable {
        /// `openssl` is not installed.
        case noProgram = "no-openssl"
        /// The loader is longer than 128 MiB, or there are too many.
        case tooLarge = "too-large"
        /// It is not a program for 64-bit UEFI firmware, or a damaged one.
        case notPE = "not-pe32+"
        /// It uses another digest than SHA-256.
        case otherDigest = "other-digest"
    }

    /// The loader's path.
    public let loader: String
    /// Where the loader starts, in bytes from the image's start.
    public let offset: UInt64
    /// The name in the signer's certificate, which its maker chose; `nil` if there is none.
    public internal(set) var signer: String?
    /// The SHA-256 digest of that certificate, in hexadecimal.
    public internal(set) var certificateDigest: String?
    /// The number of the build that the signature covers; `nil` if the loader has none.
    ///
    /// Larger numbers are newer. Whoever signs chooses it.
    public internal(set) var buildNumber: UInt64?
    /// What the check found.
    public internal(set) var state: State

    /// Whether it is valid by a certificate that was specified.
    public var isVerified: Bool { if case .verified = state { true } else { false } }
}

extension LoaderSignature: Encodable {
    /// Encodes the object that `docs/verify.md` describes.
    public func encode(to encoder: any Encoder) throws {
        let (state, certificate, reason): (String, FilePath?, String?) =
            switch state {
            case .unsigned: ("unsigned", nil, nil)
            case .unverified: ("unverified", nil, nil)
            case .verified(let certificate): ("verified", certificate, nil)
            case .otherSigner: ("other-signer", nil, nil)
            case .invalid(let fault): ("invalid", nil, fault.rawValue)
            case .unchecked(let obstacle): ("unchecked", nil, obstacle.rawValue)
            }
        try encoder.encode([
            "loader": loader, "offset": Number.hex(offset), "state": state, "reason": reason,
            "signer": signer, "signer_sha256": certificateDigest, "build_number": buildNumber,
            "verified_by": certificate?.text,
        ])
    }
}
