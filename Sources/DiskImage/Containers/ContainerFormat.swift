/// The file format of a disk: its bytes unchanged, or a virtual machine's file with tables that say
/// where each sector is.
public enum ContainerFormat: String, CaseIterable, Sendable {
    /// The disk's bytes in order.
    case raw
    /// QEMU (docs/interop/qcow2.txt).
    case qcow2
    /// VMware, one sparse extent with its descriptor inside (Virtual Disk Format 5.0).
    case vmdk
    /// VirtualBox, dynamically allocated.
    case vdi
    /// Hyper-V since 2012 (MS-VHDX), dynamic.
    case vhdx
    /// Virtual PC and early Hyper-V (Virtual Hard Disk Image Format 1.0), dynamic.
    case vhd

    package var qemuName: String { self == .vhd ? "vpc" : rawValue }

    /// How many of a file's first bytes identify its format.
    public static let recognizedByteCount = 72

    /// Identifies the format by a file's first bytes; `nil` for unknown bytes and raw images.
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
