import Foundation
import SystemPackage
import TestSupport
import Testing

/// Signed images on firmware that starts only what is signed, and on firmware that does not care.
@Suite(
    .needs("clang", "ld.lld", "qemu-system-x86_64", "timeout", "openssl", "sbsign", "sbverify"))
struct SecureBootTests {
    private static let hello = SampleKernel(source: "hello.S", shape: .higherHalf)

    @Test(arguments: SampleKernel.Shape.allCases, [[], ["CONFIGURED"]])
    func `a signed kernel finds the contract`(
        _ shape: SampleKernel.Shape, _ definitions: [String]
    ) async throws {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(
                SampleKernel(source: "contract.c", shape: shape, definitions: definitions),
                in: folder)
            let result = try await boot(secure.kernel, on: .uefi, options: secure.options)
            result.expect("bootimage: Secure Boot 1, signed files 1\n")
            result.expect("framebuffer\n")
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test func `RAM disk and boot.json are signed too, and arrive`() async throws {
        let byteCount = 3_000_001
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(
                SampleKernel(
                    source: "contract.c", shape: .higherHalf,
                    definitions: ["RAMDISK=\(byteCount)"]), in: folder)
            let ramdisk = try writeRAMDisk(byteCount: byteCount, in: folder)
            let configuration = folder.appending("boot.json").string
            try Data("{}".utf8).write(to: URL(filePath: configuration))
            let result = try await boot(
                secure.kernel, on: .uefi,
                options: secure.options + [
                    "--ramdisk", ramdisk, "--boot-config", configuration,
                ])
            result.expect("bootimage: Secure Boot 1, signed files 3\n")
            result.expect("ok RAM disk\n")
            result.expectSuccess()
        }
    }

    @Test(arguments: ProtocolKernel.allCases)
    func `signed kernels of other protocols start`(_ kernel: ProtocolKernel) async throws {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(kernel.kernel, in: folder)
            let configuration = folder.appending("boot.json").string
            try Data(#"{"protocol": "\#(kernel.rawValue)"}"#.utf8)
                .write(to: URL(filePath: configuration))
            let result = try await boot(
                secure.kernel, on: .uefi,
                options: secure.options + ProtocolKernel.parameters(in: folder)
                    + ["--boot-config", configuration])
            result.expect("bootimage: Secure Boot 1, signed files 4\n")
            kernel.expectParameters(try KernelLines(result))
        }
    }

    @Test func `a signed hybrid image boots everywhere`() async throws {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(Self.hello, in: folder)
            let image = try await secure.buildImage(for: "hybrid")
            let onBIOS = try await boot(image, on: .bios)
            onBIOS.expectSuccess()
            let insecure = try await boot(image, on: .uefi)
            insecure.expect("bootimage: Secure Boot 0, signed files 1\n")
            insecure.expectSuccess()
            let result = try await boot(image, on: .uefi, options: secure.options)
            result.expect("bootimage: Secure Boot 1, signed files 1\n")
            result.expectSuccess()
        }
    }

    @Test(
        arguments: [
            ("kernel-x86_64", "kernel"), ("ramdisk", "ramdisk"), ("boot.json", "boot.json"),
        ],
        [true, false])
    func `one byte changed is refused, with and without Secure Boot`(
        _ file: (name: String, subject: String), _ isSecure: Bool
    ) async throws {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(Self.hello, in: folder)
            let image = try await Self.imageOfThreeFiles(secure)
            try SecureBoot.changeLastByte(of: "/\(file.name)", in: image)
            let verdict = try await secure.judge(image, isSecure ? secure.options : [])
            #expect(verdict.exitCode == 1)
            let message = "\(file.subject): digest differs from the signed one: 0x"
            #expect(verdict.says(message) && verdict.says(", allowed 0x"), "\(verdict.text)")
        }
    }

    @Test(.needs("mdel", "mcopy"), arguments: ["ramdisk", "boot.json"])
    func `a file that has come or gone is refused`(_ name: String) async throws {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(Self.hello, in: folder)
            let whole = try await Self.imageOfThreeFiles(secure)
            let volume = "\(whole)@@1M"
            try await Tool(name: "mdel").succeed(["-i", volume, "::\(name)"])
            let verdict = try await secure.judge(whole, secure.options)
            #expect(
                verdict.says("\(name): was removed after the loader was signed"),
                "\(verdict.text)")
            let image = try await secure.buildImage()
            let file = folder.appending("new").string
            try Data("{}".utf8).write(to: URL(filePath: file))
            try await Tool(name: "mcopy").succeed(["-i", "\(image)@@1M", file, "::\(name)"])
            let other = try await secure.judge(image, secure.options)
            #expect(
                other.says("\(name): was added after the loader was signed"),
                "\(other.text)")
        }
    }

    @Test func `firmware refuses a loader that was changed, unsigned, or signed by others`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(Self.hello, in: folder)
            let image = try await secure.buildImage()
            let loader = [UInt8]("BOOTDGST".utf8)
            var bytes = try Data(contentsOf: URL(filePath: image.string))
            let table = try #require(bytes.firstRange(of: loader)).lowerBound
            // The digest of the kernel: whoever changes both must not get through.
            bytes[table + 32] ^= 1
            try bytes.write(to: URL(filePath: image.string))
            try await Self.expectDenied(image, secure)
            try await Project.bootimage.succeed([
                "build", secure.kernel.string, "--firmware", "uefi", "-o", image.string,
            ])
            try await Self.expectDenied(image, secure)
            let others = folder.appending("others")
            try await Project.bootimage.succeed(["keys", "new", "--directory", others.string])
            try await Project.bootimage.succeed([
                "build", secure.kernel.string, "--firmware", "uefi", "-o", image.string,
                "--sign-key", "\(others)/db.key", "--sign-cert", "\(others)/db.pem",
            ])
            try await Self.expectDenied(image, secure)
        }
    }

    private static func expectDenied(_ image: FilePath, _ secure: SecureBoot) async throws {
        let verdict = try await secure.judge(image, secure.options)
        #expect(verdict.exitCode == 1)
        #expect(verdict.says("BdsDxe: failed to load Boot0001"), "\(verdict.text)")
        #expect(verdict.says(": Access Denied"), "\(verdict.text)")
        #expect(!verdict.says("bootimage: kernel of"), "\(verdict.text)")
    }

    @Test func `what comes over the network is verified as well`() async throws {
        try await withTemporaryFolder { folder in
            let secure = try await SecureBoot(Self.hello, in: folder)
            let configuration = folder.appending("boot.json").string
            try Data(#"{"on_failure": 33}"#.utf8).write(to: URL(filePath: configuration))
            let served = folder.appending("served")
            try await Project.bootimage.succeed(
                [
                    "build", secure.kernel.string, "--pxe-directory", served.string,
                    "--boot-config", configuration,
                ] + secure.signingOptions)
            let network = NetworkBoot(
                root: served, secureBoot: (secure.keys, folder.appending("vars.fd")))
            let result = try await network.run()
            result.expect("bootimage: Secure Boot 1, signed files 2\n")
            result.expectSuccess()
            let path = URL(filePath: served.appending("kernel-x86_64").string)
            var kernel = try Data(contentsOf: path)
            kernel[kernel.count - 1] ^= 1
            try kernel.write(to: path)
            let refusal = try await network.run()
            refusal.expect("bootimage: kernel: digest differs from the signed one: 0x")
            // QEMU ends with twice the code, plus one.
            #expect(refusal.exitCode == 67, "the guest said:\n\(refusal.serial)")
        }
    }

    private static func imageOfThreeFiles(_ secure: SecureBoot) async throws -> FilePath {
        let ramdisk = try writeRAMDisk(byteCount: 100_000, in: secure.folder)
        let configuration = secure.folder.appending("boot.json").string
        try Data(#"{"log_level": "Trace"}"#.utf8).write(to: URL(filePath: configuration))
        return try await secure.buildImage(
            for: "uefi", ["--ramdisk", ramdisk, "--boot-config", configuration])
    }
}
