import SystemPackage
import TestSupport
import Testing

/// A kernel in Swift that carries a configuration section.
@Suite(.needs("swiftc", "clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct SwiftKernelTests {
    @Test(arguments: Firmware.allCases)
    func `a configured Swift kernel gets what it wants`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SwiftSampleKernel(source: "contract.swift").build(in: folder)
            let result = try await boot(kernel, on: firmware, qemu: ["-smp", "3"])
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }
}
