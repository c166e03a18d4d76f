import Foundation
import SystemPackage
import TestSupport

/// Where a kernel comes from.
enum BootMedium: String, CaseIterable {
    case biosDisk
    case uefiDisk
    case uefiNetwork

    /// Builds what the medium needs of a kernel, and boots from it until the guest ends QEMU.
    func boot(
        _ kernel: FilePath, options: [String] = [], qemu: [String] = []
    ) async throws -> BootResult {
        switch self {
        case .biosDisk:
            return try await BootTests.boot(kernel, on: .bios, options: options, qemu: qemu)
        case .uefiDisk:
            return try await BootTests.boot(kernel, on: .uefi, options: options, qemu: qemu)
        case .uefiNetwork:
            return try await withTemporaryFolder { root in
                try await Project.bootimage.succeed(
                    ["build", kernel.string, "--pxe-directory", root.string] + options)
                return try await NetworkBoot(root: root, qemu: qemu).run()
            }
        }
    }
}
