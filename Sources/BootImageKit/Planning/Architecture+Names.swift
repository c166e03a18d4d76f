package import DiskImage
package import ELFKit

extension Architecture {
    /// The firmwares that start a loader of this project on it.
    package var firmwares: [Firmware] {
        switch self {
        case .x86_64: [.bios, .uefi]
        case .aarch64: [.uefi]
        }
    }

    /// The program in EFI/BOOT that firmware starts from a disk without a boot entry (UEFI 2.10
    /// §3.5.1.1).
    package var uefiLoaderName: String {
        switch self {
        case .x86_64: "BOOTX64.EFI"
        case .aarch64: "BOOTAA64.EFI"
        }
    }

    var uefiKernelName: String { "kernel-\(rawValue)" }

    /// The architecture of a kernel with these first bytes, which may start by a selected protocol;
    /// x86-64 if that does not say, because whoever reads the kernel refuses it then.
    package init(ofKernelStartingWith start: [UInt8], as selected: BootProtocol?) {
        let isImage =
            selected == .arm64Image || ImageHeader(inFileStartingWith: start.span.bytes) != nil
        self = Architecture(ofFileStartingWith: start) ?? (isImage ? .aarch64 : .x86_64)
    }
}
