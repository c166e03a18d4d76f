import Foundation
import SystemPackage
import TestSupport
import Testing

/// The command line and the modules, as a kernel finds them.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout", "xorriso"))
struct ParameterTests {
    @Test(arguments: BootMedium.allCases)
    func `a kernel gets command line and modules`(_ medium: BootMedium) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "parameters.c", shape: .higherHalf)
                .build(in: folder)
            let result = try await medium.boot(kernel, options: try Self.options(in: folder))
            Self.expectParameters(result)
        }
    }

    @Test(.needs("qemu-system-aarch64"))
    func `a kernel for AArch64 gets them`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "parameters.c", shape: .higherHalf, processor: .arm
            ).build(in: folder)
            let result = try await VirtMachine().boot(kernel, options: try Self.options(in: folder))
            Self.expectParameters(result)
        }
    }

    @Test(arguments: Firmware.allCases)
    func `without them, there is no command line`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "parameters.c", shape: .oneMebibyte)
                .build(in: folder)
            let result = try await boot(kernel, on: firmware)
            result.expect("command line: none\n")
            #expect(!result.serial.contains("module "), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test(arguments: ["bios", "uefi", "hybrid"])
    func `verify and inspect know them`(_ firmware: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "parameters.c", shape: .oneMebibyte)
                .build(in: folder)
            let (image, text) = (folder.appending("disk.img"), folder.appending("text"))
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", firmware, "-o", image.string]
                    + Self.options(in: folder))
            try await Project.bootimage.succeed(["verify", image.string])
            try await Project.bootimage.succeed([
                "inspect", image.string, "--extract", "parameters", "-o", text.string,
            ])
            let lines = try String(contentsOfFile: text.string, encoding: .utf8)
            #expect(
                lines == "quiet console=ttyS0\npages.bin\troot=/dev/vda key=value\nempty\t\n"
                    + "schön\tgrößer\n")
        }
    }

    /// A module of some pages, an empty one, and one whose name and string are not ASCII.
    private static func options(in folder: FilePath) throws -> [String] {
        let files: [(name: String, string: String?, content: [UInt8])] = [
            ("pages.bin", "root=/dev/vda key=value", Array(repeating: 0xA5, count: 9000)),
            ("empty", nil, []),
            ("schön", "größer", Array("hello".utf8)),
        ]
        return try ["--command-line", "quiet console=ttyS0"]
            + files.flatMap { name, string, content in
                let file = folder.appending(name).string
                try Data(content).write(to: URL(filePath: file))
                return ["--module", file + (string.map { "=" + $0 } ?? "")]
            }
    }

    private static func expectParameters(_ result: BootResult) {
        result.expect("command line: quiet console=ttyS0\n")
        result.expect(
            "module pages.bin: root=/dev/vda key=value: 0x0000000000002328 0x78eeda68243c856d\n")
        result.expect("module empty: : 0x0000000000000000 0xcbf29ce484222325\n")
        result.expect("module schön: größer: 0x0000000000000005 0xa430d84680aabd0b\n")
        #expect(!result.serial.contains("FAILED"), "\(result.serial)")
        result.expectSuccess()
    }
}
