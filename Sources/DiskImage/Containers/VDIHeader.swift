/// The header of a VDI (VirtualBox's VDICore.h, VDIHEADER1).
enum VDIHeader {
    static let signatureOffset = 0x40
    static let signature: [UInt8] = [0x7F, 0x10, 0xDA, 0xBE]

    /// Two identifiers, one after the other: of the image, and of its last change.
    private static let identifiersOffset: UInt64 = 0x188

    /// The header with derived identifiers; there is no checksum.
    static func patches(
        of file: some DiskSource, identity: ImageIdentity
    ) throws(ContainerError) -> [ContainerPatch] {
        try file.structure("VDI signature", signature.count, at: UInt64(signatureOffset))
            .expect(signature, "7F 10 DA BE")
        let identifiers = ["image", "last change"].flatMap { identity.derive($0).guid.encoded() }
        _ = try file.structure("VDI header", identifiers.count, at: identifiersOffset)
        return [ContainerPatch(offset: identifiersOffset, bytes: identifiers)]
    }
}
