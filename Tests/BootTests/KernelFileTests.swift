import Foundation
import SystemPackage
import TestSupport
import Testing

/// The kernel's ELF file as the kernel finds it in memory.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct KernelFileTests {
    @Test(arguments: [SampleKernel.Shape.oneMebibyte, .higherHalf], Firmware.allCases)
    func `it is an ELF file without debug information`(
        _ shape: SampleKernel.Shape, _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.kernel(shape).build(in: folder)
            let served = folder.appending("served")
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--pxe-directory", served.string])
            let byteCount = try served.appending("kernel-x86_64").stat().size
            #expect(try byteCount < kernel.stat().size)
            let result = try await boot(kernel, on: firmware)
            result.expect("length of the ELF file: \(Self.hexadecimal(byteCount))\n")
            result.expect("sections of debug information: \(Self.hexadecimal(0))\n")
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test(arguments: Firmware.allCases)
    func `it is the whole file where debug information is kept`(
        _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.kernel(.higherHalf).build(in: folder)
            let result = try await boot(kernel, on: firmware, options: ["--keep-debug-info"])
            result.expect("length of the ELF file: \(Self.hexadecimal(try kernel.stat().size))\n")
            #expect(!result.serial.contains("information: \(Self.hexadecimal(0))\n"))
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    private static func kernel(_ shape: SampleKernel.Shape) -> SampleKernel {
        SampleKernel(source: "elf_file.c", shape: shape, hasDebugInfo: true)
    }

    /// The number as serial.h prints it.
    private static func hexadecimal(_ number: Int64) -> String {
        let digits = String(number, radix: 16)
        return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
