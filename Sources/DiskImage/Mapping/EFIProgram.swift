/// A PE image apart from its signature (PE/COFF and Authenticode: what a signature does not cover).
public struct EFIProgram: Equatable, Sendable {
    /// Whether it has a table of certificates.
    public let isSigned: Bool
    /// The digest of all but checksum, certificates, and the field that tells where those are.
    public let digest: ContentDigest

    private static let wideMagic: UInt16 = 0x20B
    private static let checksumOffset = 64
    /// The fifth data directory of a PE32+ image.
    private static let certificatesOffset = 112 + 4 * 8
    /// From the PE signature to the optional header.
    private static let fileHeaderByteCount = 24

    /// Takes a whole file, or the start of a long one; what is no PE32+ image counts as it is.
    public init(_ bytes: [UInt8]) {
        let file = Region(place: "", offset: 0, bytes: bytes)
        guard let optional = Self.optionalHeader(in: file) else {
            isSigned = false
            digest = ContentDigest(of: bytes)
            return
        }
        let field = optional + Self.certificatesOffset
        let start = Int(file.number(at: field, UInt32.self))
        isSigned = start != 0 && file.number(at: field + 4, UInt32.self) != 0
        var unsigned = bytes
        for place in [optional + Self.checksumOffset..<optional + Self.checksumOffset + 4]
            + [field..<field + 8]
        {
            unsigned.replaceSubrange(place, with: repeatElement(0, count: place.count))
        }
        if isSigned, start < unsigned.count { unsigned.removeSubrange(start...) }
        digest = ContentDigest(of: unsigned)
    }

    private static func optionalHeader(in file: Region) -> Int? {
        guard file.bytes.count >= 64, file.bytes.starts(with: "MZ".utf8) else { return nil }
        let header = Int(file.number(at: 0x3C, UInt32.self))
        let optional = header + fileHeaderByteCount
        guard optional + certificatesOffset + 8 <= file.bytes.count,
            file.number(at: header) == UInt32(0x4550), file.number(at: optional) == wideMagic
        else { return nil }
        return optional
    }
}
