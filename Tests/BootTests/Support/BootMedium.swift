import Foundation
import SystemPackage
import TestSupport

/// Where a kernel comes from.
enum BootMedium: String, CaseIterable {
    case biosDisk
    case uefiDisk
    case uefiNetwork
    case biosHybridDisk
    case uefiHybridDisk
    case biosDisc
    case uefiDisc

    /// One for each way in which the loaders read.
    static let plain: [Self] = [.biosDisk, .uefiDisk, .uefiNetwork]

    /// Builds what the medium needs of a kernel, and boots from it until the guest ends QEMU.
    func boot(
        _ kernel: FilePath, options: [String] = [], qemu: [String] = []
    ) async throws -> BootResult {
        switch self {
        case .biosDisk:
            return try await BootTests.boot(kernel, on: .bios, options: options, qemu: qemu)
        case .uefiDisk:
            return try await BootTests.boot(kernel, on: .uefi, options: options, qemu: qemu)
        case .biosHybridDisk, .uefiHybridDisk:
            return try await withTemporaryFolder { folder in
                let image = folder.appending("hybrid.img")
                try await Project.bootimage.succeed(
                    ["build", kernel.string, "--firmware", "hybrid", "-o", image.string] + options)
                let firmware = self == .biosHybridDisk ? Firmware.bios : .uefi
                return try await BootTests.boot(image, on: firmware, qemu: qemu)
            }
        case .biosDisc, .uefiDisc:
            return try await withTemporaryFolder { folder in
                let image = folder.appending("disc.iso")
                try await Project.bootimage.succeed(
                    ["build", kernel.string, "--format", "iso", "-o", image.string] + options)
                let firmware = self == .biosDisc ? Firmware.bios : .uefi
                return try await BootTests.boot(
                    image, on: firmware, options: ["--disk", "cdrom"], qemu: qemu)
            }
        case .uefiNetwork:
            return try await withTemporaryFolder { root in
                try await Project.bootimage.succeed(
                    ["build", kernel.string, "--pxe-directory", root.string] + options)
                return try await NetworkBoot(root: root, qemu: qemu).run()
            }
        }
    }
}
