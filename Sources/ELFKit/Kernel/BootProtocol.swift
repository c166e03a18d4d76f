/// A boot protocol of other loaders that a kernel's file asks for, and where.
public struct BootProtocol: Equatable, Sendable {
    /// The protocol.
    public let kind: Kind
    /// The offset in the file of what asks for it, in bytes.
    public let offset: UInt64

    /// The protocols that a file can name.
    public enum Kind: String, CaseIterable, Sendable {
        /// The Multiboot specification 0.6.96: a header in the first 8 KiB.
        case multiboot = "Multiboot"
        /// The Multiboot2 specification 2.0: a header in the first 32 KiB.
        case multiboot2 = "Multiboot2"
        /// The Limine boot protocol: requests in the loaded bytes.
        case limine = "Limine"
        /// stivale2: the section `.stivale2hdr`.
        case stivale2
        /// Xen: notes with that owner.
        case xen = "Xen"
        /// Direct boot of Xen and QEMU: the note `XEN_ELFNOTE_PHYS32_ENTRY`.
        case pvh = "PVH"

        /// What asks for the protocol.
        var evidence: String {
            switch self {
            case .multiboot, .multiboot2, .stivale2: "header"
            case .limine: "request"
            case .xen: "note"
            case .pvh: "note (Xen, 18)"
            }
        }
    }
}
