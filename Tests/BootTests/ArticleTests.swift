import ELFKit
import SystemPackage
import TestSupport
import Testing

/// The kernels in the documentation, built by the commands beside them.
@Suite(.needs("bash", "swiftc", "clang", "ld.lld", "qemu-system-x86_64"))
struct ArticleTests {
    @Test(
        arguments: [
            ("KernelInC", "Hello from C!\n"), ("KernelInSwift", "Hello from Swift!\n"),
        ], Firmware.allCases)
    func `the page's kernel builds and boots`(
        _ page: (name: String, greeting: String), _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Article(page.name).build(in: folder)
            let configuration = try #require(try KernelELF.load(kernel).bootConfiguration)
            #expect(configuration.kernelStackByteCount == 32 << 10)
            #expect(configuration.physicalMemory == .dynamic)
            try await Machine.running(kernel, on: firmware, folder: folder) { machine in
                try await machine.poll { machine.serial.contains(page.greeting) }
            }
        }
    }
}
