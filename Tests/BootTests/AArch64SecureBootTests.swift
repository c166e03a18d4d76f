import Foundation
import SystemPackage
import TestSupport
import Testing

/// Signed images on AAVMF with the keys enrolled.
@Suite(
    .needs("clang", "ld.lld", "qemu-system-aarch64", "timeout", "openssl", "sbsign", "sbverify"))
struct AArch64SecureBootTests {
    private static let kernel = SampleKernel(
        source: "contract.c", shape: .packedRelocations, definitions: ["CONFIGURED"],
        processor: .arm)

    @Test func `a signed kernel finds the contract`() async throws {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(Self.kernel, in: folder)
            let result = try await VirtMachine().boot(secure.kernel, options: secure.options)
            result.expect("bootimage: Secure Boot 1, signed files 1\n")
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test func `a kernel that was changed is refused, and an unsigned loader is not started`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(Self.kernel, in: folder)
            let image = try await secure.buildImage()
            try SecureBoot.changeLastByte(of: "/kernel-aarch64", in: image)
            let changed = try await secure.judge(image, secure.options)
            #expect(changed.exitCode == 1)
            #expect(
                changed.says("kernel: digest differs from the signed one: 0x"),
                "\(changed.text)")
            try await Project.bootimage.succeed([
                "build", secure.kernel.string, "--firmware", "uefi", "-o", image.string,
            ])
            let unsigned = try await secure.judge(image, secure.options)
            #expect(unsigned.exitCode == 1)
            #expect(unsigned.says(": Access Denied"), "\(unsigned.text)")
            #expect(!unsigned.says("bootimage: kernel of"), "\(unsigned.text)")
        }
    }
}
