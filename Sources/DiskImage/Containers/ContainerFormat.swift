/// What a disk's bytes are kept in: as they are, or in a virtual machine's file with tables that
/// say which sectors lie where.
public enum ContainerFormat: String, CaseIterable, Sendable {
    /// The disk's bytes, one after the other.
    case raw
    /// QEMU's (docs/interop/qcow2.txt).
    case qcow2
    /// VMware's, one sparse extent with its descriptor inside (Virtual Disk Format 5.0).
    case vmdk
    /// VirtualBox's, dynamically allocated.
    case vdi
    /// Hyper-V's since 2012 (MS-VHDX), dynamic.
    case vhdx
    /// Virtual PC's, and Hyper-V's of old (Virtual Hard Disk Image Format 1.0), dynamic.
    case vhd

    /// The format's name in QEMU and qemu-img.
    package var qemuName: String { self == .vhd ? "vpc" : rawValue }

    /// How many of a file's first bytes tell its format.
    public static let recognizedByteCount = 72

    /// The format that a file's first bytes tell; nil if they tell none, as a raw image's do.
    public init?(startingWith bytes: some Collection<UInt8>) {
        let bytes = Array(bytes.prefix(Self.recognizedByteCount))
        let format = Self.allCases.first { format in
            guard let (offset, magic) = format.magic else { return false }
            return bytes.dropFirst(offset).starts(with: magic)
        }
        guard let format else { return nil }
        self = format
    }

    private var magic: (offset: Int, bytes: [UInt8])? {
        switch self {
        case .raw: nil
        case .qcow2: (0, Array("QFI".utf8) + [0xFB])
        case .vmdk: (0, Array(VMDKDescriptor.magic.utf8))
        case .vdi: (VDIHeader.signatureOffset, VDIHeader.signature)
        case .vhdx: (0, Array("vhdxfile".utf8))
        case .vhd: (0, Array(VHDFooter.cookie.utf8))
        }
    }
}
