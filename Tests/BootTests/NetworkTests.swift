import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels that come from the TFTP server that the loader came from, out of folders that
/// `build --pxe-directory` wrote.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct NetworkTests {
    private static let hello = SampleKernel(source: "hello.S", shape: .higherHalf)

    @Test(arguments: ["", "lab/", "/lab/7/"])
    func `the kernel is taken from the boot file's folder`(_ prefix: String) async throws {
        try await withTemporaryFolder { root in
            let folder = FilePath(root.string + "/" + prefix)
            try FileManager.default.createDirectory(
                atPath: folder.string, withIntermediateDirectories: true)
            try await serve(Self.hello, in: folder)
            let result = try await NetworkBoot(root: root, bootFile: prefix + "BOOTX64.EFI").run()
            result.expect("Hello from assembly!\n")
            result.expectSuccess()
        }
    }

    @Test func `a kernel finds the contract, and no RAM disk where the server has none`()
        async throws
    {
        try await withTemporaryFolder { root in
            let kernel = SampleKernel(source: "contract.c", shape: .positionIndependent)
            try await serve(kernel, in: root)
            let result = try await NetworkBoot(root: root).run()
            result.expect("ok no RAM disk\n")
            result.expectSuccess()
        }
    }

    @Test func `a RAM disk arrives whole`() async throws {
        let byteCount = 3_000_001
        try await withTemporaryFolder { root in
            let kernel = SampleKernel(
                source: "contract.c", shape: .higherHalf, definitions: ["RAMDISK=\(byteCount)"])
            try await serve(kernel, ramdiskByteCount: byteCount, in: root)
            let result = try await NetworkBoot(root: root).run()
            result.expect("ok RAM disk\n")
            result.expectSuccess()
        }
    }

    @Test(
        arguments: [
            "-m 64M", "-m 6G", "-smp 4", "-cpu max", "-machine pc", "-vga none",
        ])
    func `a kernel boots from the network on this machine`(_ machine: String) async throws {
        try await withTemporaryFolder { root in
            try await serve(Self.hello, in: root)
            let arguments = machine.split(separator: " ").map(String.init)
            let result = try await NetworkBoot(root: root, qemu: arguments).run()
            result.expect("Hello from assembly!\n")
            result.expectSuccess()
        }
    }

    @Test func `a server without the kernel is named, and boot.json decides what then`()
        async throws
    {
        try await withTemporaryFolder { root in
            try await serve(Self.hello, in: root)
            try FileManager.default.removeItem(atPath: root.appending("kernel-x86_64").string)
            try Data(#"{"on_failure": 33}"#.utf8)
                .write(to: URL(filePath: root.appending("boot.json").string))
            let result = try await NetworkBoot(root: root).run()
            result.expect("bootimage: kernel: is not on the TFTP server\n")
            // QEMU ends with twice the code, plus one.
            #expect(result.exitCode == 67, "the guest said:\n\(result.serial)")
        }
    }

    @Test(.needs("/usr/lib/ipxe/qemu/efi-virtio.rom"))
    func `the kernel is taken from what an iPXE script fetched`() async throws {
        try await withTemporaryFolder { root in
            try await serve(Self.hello, in: root)
            let script = "#!ipxe\nkernel BOOTX64.EFI\nmodule kernel-x86_64\nboot\n"
            try Data(script.utf8).write(to: URL(filePath: root.appending("boot.ipxe").string))
            let result = try await NetworkBoot(root: root, bootFile: "boot.ipxe", card: .iPXE).run()
            result.expect("Hello from assembly!\n")
            result.expectSuccess()
        }
    }

    /// Builds a kernel, and writes what is served of it into a folder.
    private func serve(
        _ kernel: SampleKernel, ramdiskByteCount: Int? = nil, in folder: FilePath
    ) async throws {
        try await withTemporaryFolder { workshop in
            var arguments = ["build", try await kernel.build(in: workshop).string]
            if let ramdiskByteCount {
                arguments += [
                    "--ramdisk", try writeRAMDisk(byteCount: ramdiskByteCount, in: workshop),
                ]
            }
            try await Project.bootimage.succeed(arguments + ["--pxe-directory", folder.string])
        }
    }
}
