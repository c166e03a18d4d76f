/// How the loader starts a kernel; the raw value is its name in boot.json and on command lines.
///
/// The order is the loader's: the first protocol that the file asks for is the kernel's.
public enum BootProtocol: String, CaseIterable, Sendable {
    /// The protocol of the `bootloader` crate, with a section `.bootloader-config`.
    case bootloader
    /// The Limine boot protocol.
    case limine
    /// The Multiboot2 specification 2.0.
    case multiboot2
    /// The Multiboot specification 0.6.96.
    case multiboot
    /// The state in which Linux starts on 64-bit ARM: MMU off, device tree in X0.
    case arm64Image = "arm64-image"
    /// That of the `bootloader` crate with the default kernel configuration.
    case plain

    /// The name in prose.
    public var name: String {
        switch self {
        case .bootloader: "bootloader_api"
        case .limine: "Limine"
        case .multiboot2: "Multiboot2"
        case .multiboot: "Multiboot"
        case .arm64Image: "arm64 Image"
        case .plain: "plain ELF"
        }
    }

    /// Whether the kernel is placed by physical addresses and starts in 32-bit protected mode.
    package var isMultiboot: Bool { self == .multiboot || self == .multiboot2 }

    /// Whether the loader for an architecture speaks it; `nil` for a file that does not state one.
    func isSpoken(on architecture: Architecture?) -> Bool {
        switch architecture {
        case .x86_64: self != .arm64Image
        case .aarch64: !isMultiboot
        case nil: true
        }
    }
}

/// What in a kernel's file asks for a boot protocol, and where.
public struct ProtocolEvidence: Equatable, Sendable {
    /// The kind of evidence.
    public let kind: Kind
    /// The offset in the file of what asks for it, in bytes.
    public let offset: UInt64

    /// The protocol and what asks for it, such as "Limine request".
    package var text: String { "\(kind.rawValue) \(kind.evidence)" }

    /// The protocols that a file can ask for, first those of the loader, in its order.
    public enum Kind: String, CaseIterable, Sendable {
        /// The protocol of the `bootloader` crate: the section `.bootloader-config`.
        case bootloader = "bootloader_api"
        /// The Limine boot protocol: requests in the loaded bytes.
        case limine = "Limine"
        /// The Multiboot2 specification 2.0: a header in the first 32 KiB.
        case multiboot2 = "Multiboot2"
        /// The Multiboot specification 0.6.96: a header in the first 8 KiB.
        case multiboot = "Multiboot"
        /// The `Image` header of Linux on 64-bit ARM.
        case arm64Image = "arm64 Image"
        /// Segments for 64-bit ARM that are linked to their physical addresses in the RAM of QEMU's
        /// `virt`; in a file that asks for no other protocol.
        case armMemory = "virt RAM"
        /// stivale2: the section `.stivale2hdr`.
        case stivale2
        /// Xen: notes with that owner.
        case xen = "Xen"
        /// Direct boot of Xen and QEMU: the note `XEN_ELFNOTE_PHYS32_ENTRY`.
        case pvh = "PVH"

        /// The protocol; `nil` if the loader does not speak it.
        public var bootProtocol: BootProtocol? {
            switch self {
            case .bootloader: .bootloader
            case .limine: .limine
            case .multiboot2: .multiboot2
            case .multiboot: .multiboot
            case .arm64Image, .armMemory: .arm64Image
            case .stivale2, .xen, .pvh: nil
            }
        }

        /// What asks for the protocol.
        package var evidence: String {
            switch self {
            case .bootloader: "section .bootloader-config"
            case .multiboot, .multiboot2, .stivale2, .arm64Image: "header"
            case .armMemory: "addresses"
            case .limine: "request"
            case .xen: "note"
            case .pvh: "note (Xen, 18)"
            }
        }
    }
}
