package import DiskImage

import ELFKit

extension Architecture {
    /// The firmwares that start a loader of ours on it.
    package var firmwares: [Firmware] {
        switch self {
        case .x86_64: [.bios, .uefi]
        case .aarch64: [.uefi]
        }
    }

    /// The program in EFI/BOOT that firmware starts from a disk that it does not know
    /// (UEFI 2.10 §3.5.1.1).
    package var uefiLoaderName: String {
        switch self {
        case .x86_64: "BOOTX64.EFI"
        case .aarch64: "BOOTAA64.EFI"
        }
    }

    /// How the loader for UEFI finds its kernel.
    var uefiKernelName: String { "kernel-\(rawValue)" }
}
