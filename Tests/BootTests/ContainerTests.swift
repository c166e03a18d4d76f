import SystemPackage
import TestSupport
import Testing

/// Images in containers boot as raw ones do.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "qemu-img", "timeout"))
struct ContainerTests {
    @Test(arguments: ["qcow2", "vmdk", "vdi", "vhdx", "vhd"], Firmware.allCases)
    func `a kernel boots from a container`(_ format: String, _ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "contract.c", shape: .higherHalf)
                .build(in: folder)
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", firmware.rawValue, "--format", format,
            ])
            let image = folder.appending("bootimage-kernel.\(firmware.rawValue).\(format)")
            try await boot(image, on: firmware).expectSuccess()
        }
    }

    /// Nobody says what it is for.
    @Test(.needs("qemu-system-aarch64"), arguments: ["qcow2", "vhd"])
    func `a kernel for AArch64 boots from a container`(_ format: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SemihostingKernel.build(definitions: ["STATUS=0"], in: folder)
            let image = folder.appending("image.\(format)").string
            try await Project.bootimage.succeed([
                "build", kernel.string, "--format", format, "-o", image,
            ])
            let run = try await TestRun.of([image])
            let result = try #require(run.results.first)
            #expect(run.passed == 1 && result.firmware == "uefi", "\(result.message)")
        }
    }

    @Test(arguments: Firmware.allCases)
    func `a hybrid image in a container starts on both`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "contract.c", shape: .higherHalf)
                .build(in: folder)
            let image = folder.appending("image")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "hybrid", "--format", "vhdx",
                "-o", image.string,
            ])
            try await boot(image, on: firmware).expectSuccess()
        }
    }

    /// The firmware follows from the disk in the container, its sectors' length too.
    @Test func `sectors of 4 KiB in a container`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "contract.c", shape: .higherHalf)
                .build(in: folder)
            let image = folder.appending("image")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "uefi", "--sector-size", "4096",
                "--format", "qcow2", "-o", image.string,
            ])
            let verdict = try await BootSlots.shared.run {
                try await Project.bootimage.run([
                    "test", image.string, "--timeout", "\(patience)",
                ])
            }
            #expect(verdict.exitCode == 0, "\(verdict.text)")
        }
    }
}
