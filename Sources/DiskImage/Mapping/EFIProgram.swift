/// A PE image apart from what is put into it before it is signed, and by signing it (PE/COFF, and
/// Authenticode on what a signature does not cover).
public struct EFIProgram: Equatable, Sendable {
    /// Whether it has a table of certificates.
    public let isSigned: Bool
    /// The digest of all but checksum, certificates, the field that tells where those are, and the
    /// section in which this project's loader has the digests of what it may start.
    public let digest: ContentDigest

    private static let wideMagic: UInt16 = 0x20B
    private static let checksumOffset = 64
    /// The fifth data directory of a PE32+ image.
    private static let certificatesOffset = 112 + 4 * 8
    private static let sectionByteCount = 40
    private static let digestSection = Array(".digests".utf8)
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
        let checksum = optional + Self.checksumOffset
        for place in [checksum..<checksum + 4, field..<field + 8]
            + Self.digestSections(of: file, optional)
        {
            unsigned.replaceSubrange(place, with: repeatElement(0, count: place.count))
        }
        if isSigned, start < unsigned.count { unsigned.removeSubrange(start...) }
        digest = ContentDigest(of: unsigned)
    }

    /// Where the sections are that hold digests of files, as far as they are in the file.
    private static func digestSections(of file: Region, _ optional: Int) -> [Range<Int>] {
        let header = optional - fileHeaderByteCount
        let table = optional + Int(file.number(at: header + 20, UInt16.self))
        return (0..<Int(file.number(at: header + 6, UInt16.self))).compactMap { index in
            let entry = table + index * sectionByteCount
            guard entry + sectionByteCount <= file.bytes.count,
                file.bytes[entry..<entry + 8].elementsEqual(digestSection)
            else { return nil }
            let start = Int(file.number(at: entry + 20, UInt32.self))
            let end = start + Int(file.number(at: entry + 16, UInt32.self))
            return (start..<end).clamped(to: 0..<file.bytes.count)
        }
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
