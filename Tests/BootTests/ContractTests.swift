import SystemPackage
import TestSupport
import Testing

/// Kernels in C and assembly, in three shapes, on both firmwares: each boots and finds what the
/// contract promises.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct ContractTests {
    @Test(arguments: SampleKernel.Shape.usual, Firmware.allCases)
    func `an assembly kernel boots`(_ shape: SampleKernel.Shape, _ firmware: Firmware) async throws
    {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "hello.S", shape: shape).build(in: folder)
            let result = try await boot(kernel, on: firmware)
            result.expect("Hello from assembly!\n")
            result.expect("memory regions sorted\n")
            result.expectSuccess()
        }
    }

    @Test(arguments: SampleKernel.Shape.allCases, Firmware.allCases)
    func `a plain C kernel finds the default contract`(
        _ shape: SampleKernel.Shape, _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "contract.c", shape: shape)
                .build(in: folder)
            let result = try await boot(kernel, on: firmware)
            result.expect("Hello from C!\n")
            result.expect(firmware == .bios ? "text mode\n" : "framebuffer\n")
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test(arguments: SampleKernel.Shape.usual, Firmware.allCases)
    func `a configured C kernel finds its own permissions in the page tables`(
        _ shape: SampleKernel.Shape, _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: shape, definitions: ["CONFIGURED"]
            ).build(in: folder)
            let result = try await boot(kernel, on: firmware)
            result.expect("ok all usable memory can be written\n")
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test(arguments: Firmware.allCases)
    func `a RAM disk arrives whole`(_ firmware: Firmware) async throws {
        let byteCount = 3_000_001
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: .higherHalf, definitions: ["RAMDISK=\(byteCount)"]
            ).build(in: folder)
            let ramdisk = try writeRAMDisk(byteCount: byteCount, in: folder)
            let result = try await boot(kernel, on: firmware, options: ["--ramdisk", ramdisk])
            result.expect("ok RAM disk\n")
            result.expectSuccess()
        }
    }

    @Test(
        arguments: Firmware.allCases,
        ["128M", "3G", "6G"])
    func `a kernel boots with this much memory`(
        _ firmware: Firmware, _ memory: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "contract.c", shape: .higherHalf)
                .build(in: folder)
            let result = try await boot(kernel, on: firmware, qemu: ["-m", memory])
            result.expectSuccess()
        }
    }
}
