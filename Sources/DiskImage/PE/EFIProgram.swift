/// A PE file without what signing puts into it (PE/COFF, and Authenticode on what a signature does
/// not cover).
package struct EFIProgram: Equatable, Sendable {
    /// Whether it has a table of certificates.
    package let isSigned: Bool
    /// The digest of everything but the checksum, the certificates, the field with their place, and
    /// the section in which this project's loader keeps digests of the files it may start.
    package let digest: ContentDigest

    private static let digestSection = ".digests"

    /// Takes a whole file, or the start of a long one; anything but PE32+ is digested unchanged.
    package init(_ bytes: [UInt8]) {
        guard let headers = PEHeaders(bytes), let field = headers.certificatesField else {
            isSigned = false
            digest = ContentDigest(of: bytes)
            return
        }
        let certificates = headers.certificates
        isSigned = certificates.lowerBound != 0 && !certificates.isEmpty
        let digests = (headers.sections ?? []).filter { $0.name == Self.digestSection }
            .map { $0.file.clamped(to: bytes.indices) }
        var unsigned = bytes
        for place in [headers.checksum, field] + digests {
            unsigned.replaceSubrange(place, with: repeatElement(0, count: place.count))
        }
        if isSigned, certificates.lowerBound < unsigned.count {
            unsigned.removeSubrange(certificates.lowerBound...)
        }
        digest = ContentDigest(of: unsigned)
    }
}
