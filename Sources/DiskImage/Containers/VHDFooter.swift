/// The footer of a VHD, a copy of which is a dynamic one's first sector (Virtual Hard Disk Image
/// Format 1.0, "Hard Disk Footer Format").
///
/// Numbers have their most significant byte first.
enum VHDFooter {
    static let cookie = "conectix"

    private static let byteCount = 512
    /// Seconds since 2000, 4 bytes.
    private static let time = 24..<28
    /// The ones' complement of the sum of all other bytes.
    private static let checksum = 64..<68
    private static let identifier = 68..<84

    /// Both copies with a derived identifier, and made in the first second of 2000.
    static func patches(
        of file: some DiskSource, identity: ImageIdentity
    ) throws(ContainerError) -> [ContainerPatch] {
        let end = file.byteCount.value - min(file.byteCount.value, UInt64(byteCount))
        var patches: [ContainerPatch] = []
        for offset in [0, end] {
            let footer = try file.structure("VHD footer", byteCount, at: offset)
            try footer.expect(cookie.utf8, "one")
            patches.append(ContainerPatch(offset: offset, bytes: patched(footer.bytes, identity)))
        }
        return patches
    }

    private static func patched(_ footer: [UInt8], _ identity: ImageIdentity) -> [UInt8] {
        var bytes = footer
        bytes.replaceSubrange(time, with: [0, 0, 0, 0])
        bytes.replaceSubrange(identifier, with: identity.derive("unique ID").guid.encoded())
        bytes.replaceSubrange(checksum, with: [0, 0, 0, 0])
        let sum = ~bytes.reduce(UInt32(0)) { $0 + UInt32($1) }
        bytes.replaceSubrange(checksum, with: (0..<4).map { UInt8(sum >> (24 - 8 * $0) & 0xFF) })
        return bytes
    }
}
