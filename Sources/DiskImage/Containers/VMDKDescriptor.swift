/// The descriptor in a VMDK of one sparse extent (VMware, Virtual Disk Format 5.0): lines of text,
/// padded with zeros.
enum VMDKDescriptor {
    /// The start of the file, before the fields of its header.
    static let magic = "KDMV"

    private static let headerByteCount = 512
    /// Fields of the header, each 8 bytes, in sectors.
    static let capacity = 12
    private static let (descriptorStart, descriptorLength) = (28, 36)
    static let longest: UInt64 = 1 << 20
    private static let (extents, database) = ("# Extent description\n", "\n\n# The Disk Data Base")

    /// Derives the content ID, and sets the file's own name.
    static func patches(
        of file: some DiskSource, named name: String, identity: ImageIdentity
    ) throws(ContainerError) -> [ContainerPatch] {
        let header = try header(of: file, at: 0)
        let (offset, length) = place(in: header)
        guard length <= longest else {
            throw .unexpected(
                structure: "VMDK descriptor", offset: offset, allowed: "at most 1 MiB long")
        }
        let region = try file.wholeStructure("VMDK descriptor", Int(length), at: offset)
        let text = String(decoding: region.bytes.prefix { $0 != 0 }, as: UTF8.self)
        let sectorCount = header.number(at: capacity, UInt64.self)
        let line = "RW \(sectorCount) SPARSE \"\(quotable(name))\""
        guard let start = text.firstRange(of: "\nCID="),
            let end = text[start.upperBound...].firstRange(of: "\nparentCID="),
            let before = text[end.upperBound...].firstRange(of: extents),
            let after = text[before.upperBound...].firstRange(of: database)
        else { throw region.unexpected(allowed: "as qemu-img writes it") }
        let new =
            text[..<start.upperBound] + contentID(identity)
            + text[end.lowerBound..<before.upperBound] + line + text[after.lowerBound...]
        let bytes = Array(new.utf8)
        guard bytes.count < region.bytes.count else {
            throw region.unexpected(allowed: "as qemu-img writes it")
        }
        let zeros = repeatElement(UInt8(0), count: region.bytes.count - bytes.count)
        return [ContainerPatch(offset: offset, bytes: bytes + zeros)]
    }

    static func header(
        of file: some DiskSource, at offset: UInt64
    ) throws(ContainerError) -> Region {
        try file.wholeStructure("VMDK header", headerByteCount, at: offset, marked: magic)
    }

    /// Where the header says that the descriptor is, in bytes.
    static func place(in header: Region) -> (offset: UInt64, length: UInt64) {
        (
            header.number(at: descriptorStart, UInt64.self).multipliedSaturating(by: 512),
            header.number(at: descriptorLength, UInt64.self).multipliedSaturating(by: 512)
        )
    }

    /// Eight digits; all ones would mean "no content".
    private static func contentID(_ identity: ImageIdentity) -> String {
        padded(identity.derive("CID").nonZeroWord & 0x7FFF_FFFF, to: 8, radix: 16).lowercased()
    }

    /// The name without quotes and control characters: the format has no escapes.
    private static func quotable(_ name: String) -> String {
        String(
            String.UnicodeScalarView(
                name.unicodeScalars.map { scalar in
                    let isControl = scalar.properties.generalCategory == .control
                    return isControl || scalar == "\"" ? "_" : scalar
                }))
    }
}
