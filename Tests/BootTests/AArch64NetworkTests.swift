import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import DiskImage
@testable import ELFKit
@testable import GuestKit

/// Kernels for AArch64 that come from a TFTP server, out of folders that `build --pxe-directory`
/// wrote.
@Suite(.needs("clang", "ld.lld", "qemu-system-aarch64", "timeout"))
struct AArch64NetworkTests {
    private static let byteCount = 3_000_001

    @Test func `a kernel finds the contract, and its RAM disk`() async throws {
        try await withTemporaryFolder { root in
            try await serve([.arm], in: root)
            let names = try FileManager.default.contentsOfDirectory(atPath: root.string).sorted()
            #expect(names == ["BOOTAA64.EFI", "kernel-aarch64", "ramdisk"])
            try await expectSuccess(NetworkBoot(root: root, chipset: .virt))
        }
    }

    @Test(.needs("qemu-system-x86_64"))
    func `one folder boots machines of both architectures`() async throws {
        try await withTemporaryFolder { root in
            try await serve([.x86, .arm], in: root)
            for chipset in [GuestKit.Machine.Chipset.virt, .q35] {
                try await expectSuccess(NetworkBoot(root: root, chipset: chipset))
            }
        }
    }

    /// Builds a kernel for each processor, which expects a RAM disk, and writes what is served.
    private func serve(_ processors: [SampleKernel.Processor], in root: FilePath) async throws {
        try await withTemporaryFolder { workshop in
            var kernels: [String] = []
            for processor in processors {
                let folder = workshop.appending(processor.rawValue)
                try FileManager.default.createDirectory(
                    atPath: folder.string, withIntermediateDirectories: false)
                let kernel = SampleKernel(
                    source: "contract.c", shape: .positionIndependent,
                    definitions: ["CONFIGURED", "RAMDISK=\(Self.byteCount)"], processor: processor)
                kernels.append(try await kernel.build(in: folder).string)
            }
            let ramdisk = try writeRAMDisk(byteCount: Self.byteCount, in: workshop)
            try await Project.bootimage.succeed(
                ["build"] + kernels + ["--ramdisk", ramdisk, "--pxe-directory", root.string])
        }
    }

    private func expectSuccess(_ machine: NetworkBoot) async throws {
        let result = try await machine.run()
        result.expect("ok RAM disk\n")
        #expect(!result.serial.contains("FAILED"), "\(result.serial)")
        result.expectSuccess()
    }
}
