import ELFKit
import Foundation
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
            let configuration = try #require(try KernelELF.load(kernel).configuration)
            #expect(configuration.kernelStackByteCount == 32 << 10)
            #expect(configuration.physicalMemory == .dynamic)
            try await Machine.running(kernel, on: firmware, folder: folder) { machine in
                try await machine.poll { machine.serial.contains(page.greeting) }
            }
        }
    }

    /// Every listing and every command of the tutorial, in an empty folder beside the checkout.
    @Test func `the tutorial leads to a kernel that boots`() async throws {
        try await withTemporaryFolder { folder in
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending("bootimage").string,
                withDestinationPath: Project.root.string)
            let count = try await BootSlots.shared.run {
                try await Tutorial(
                    "Sources/BootInfo/BootInfo.docc/MinimalKernel.md", in: folder
                ).run()
            }
            print("the tutorial: \(count) listings and commands")
            #expect(count >= 20)
        }
    }
}
