import Foundation
import SystemPackage
import TestSupport
import Testing

/// The boot contract on AArch64, by AAVMF and by U-Boot.
@Suite(.needs("clang", "ld.lld", "qemu-system-aarch64", "timeout"))
struct AArch64LoaderTests {
    @Test(arguments: SampleKernel.Shape.allCases)
    func `what the loader promises holds`(_ shape: SampleKernel.Shape) async throws {
        try await expectSuccess("contract.c", shape, ["CONFIGURED"])
    }

    @Test(arguments: SampleKernel.Shape.usual)
    func `a kernel that asks for nothing gets what is usual`(
        _ shape: SampleKernel.Shape
    ) async throws {
        try await expectSuccess("contract.c", shape)
    }

    @Test(arguments: [SampleKernel.Shape.higherHalf, .packedRelocations, .sharedObject])
    func `everything is in the range that a kernel allows`(
        _ shape: SampleKernel.Shape
    ) async throws {
        try await expectSuccess("mappings.c", shape)
    }

    @Test func `everything is where a kernel fixed it`() async throws {
        try await withTemporaryFolder { folder in
            let ramdisk = folder.appending("ramdisk").string
            try Data("RAM disk".utf8).write(to: URL(filePath: ramdisk))
            try await expectSuccess(
                "mappings.c", .positionIndependent, ["FIXED"], options: ["--ramdisk", ramdisk])
        }
    }

    /// Processors, interrupt controllers, both exception levels of firmware, little memory and
    /// much, disks, and a machine that is described by a device tree alone.
    @Test(arguments: [
        VirtMachine(processor: "cortex-a57", properties: ["gic-version=2"]),
        VirtMachine(processor: "cortex-a57", disk: "nvme", properties: ["gic-version=3"]),
        VirtMachine(processor: "cortex-a72", memory: "6G"),
        VirtMachine(processor: "cortex-a72", disk: "usb", properties: ["virtualization=on"]),
        VirtMachine(
            processor: "max", memory: "6G", properties: ["virtualization=on", "gic-version=3"]),
        VirtMachine(processor: "max", properties: ["gic-version=2"]),
        VirtMachine(processor: "max", properties: ["acpi=off"]),
    ])
    func `machines differ, and the contract does not`(_ machine: VirtMachine) async throws {
        try await expectSuccess("mappings.c", .packedRelocations, ["ASLR"], on: machine)
        if machine.memory == "256M" {
            try await expectSuccess("contract.c", .higherHalf, ["CONFIGURED"], on: machine)
        }
    }

    @Test(arguments: ["virtualization=off", "virtualization=on"])
    func `a kernel may use the longest vectors`(_ property: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "vectors.c", shape: .higherHalf, processor: .arm
            ).build(in: folder)
            let result = try await VirtMachine(processor: "max", properties: [property])
                .boot(kernel)
            result.expect("vectors of 0x0000000000000100 bytes\n")
            result.expectSuccess()
        }
    }

    @Test(arguments: VirtDeviceTree.ForeignPort.allCases)
    func `a serial port that is not the processor's is left alone`(
        _ port: VirtDeviceTree.ForeignPort
    ) async throws {
        try await withTemporaryFolder { folder in
            let properties = "acpi=off"
            var tree = try await VirtDeviceTree(machine: properties, in: folder)
            tree.insert(port)
            let file = folder.appending("foreign.dtb").string
            try tree.bytes.write(to: URL(filePath: file))
            let image = try await image(of: "contract.c", ["CONFIGURED"], in: folder)
            let result = try await VirtMachine(properties: [properties])
                .boot(image, qemu: ["-dtb", file])
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test(.needsFile(VirtMachine.uBoot)) func `U-Boot starts it as well`() async throws {
        try await withTemporaryFolder { folder in
            let image = try await image(of: "contract.c", ["CONFIGURED"], in: folder)
            let result = try await VirtMachine.bootByUBoot(image)
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test func `a kernel for another processor is refused by name`() async throws {
        try await withTemporaryFolder { folder in
            let image = try await image(of: "contract.c", [], in: folder)
            let other = try await SampleKernel(source: "contract.c", shape: .higherHalf)
                .build(in: folder)
            try await Tool(name: "mcopy").succeed([
                "-o", "-i", "\(image)@@1M", other.string, "::/kernel-aarch64",
            ])
            let settings = folder.appending("boot.json").string
            try Data(#"{"on_failure": 5}"#.utf8).write(to: URL(filePath: settings))
            try await Tool(name: "mcopy").succeed([
                "-i", "\(image)@@1M", settings, "::/boot.json",
            ])
            let result = try await VirtMachine().boot(image)
            result.expect("kernel: not for AArch64: 0x3e, allowed 0xb7")
            #expect(result.exitCode == 11, "the status of isa-debug-exit for 5")
        }
    }

    private func image(
        of source: String, _ definitions: [String], in folder: FilePath
    ) async throws -> FilePath {
        let kernel = try await SampleKernel(
            source: source, shape: .higherHalf, definitions: definitions, processor: .arm
        ).build(in: folder)
        let image = folder.appending("kernel.img")
        try await Project.bootimage.succeed([
            "build", kernel.string, "--firmware", "uefi", "--output", image.string,
        ])
        return image
    }

    private func expectSuccess(
        _ source: String, _ shape: SampleKernel.Shape, _ definitions: [String] = [],
        on machine: VirtMachine = VirtMachine(), options: [String] = []
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: source, shape: shape, definitions: definitions, processor: .arm
            ).build(in: folder)
            let result = try await machine.boot(kernel, options: options)
            #expect(!result.serial.contains("FAILED"), "\(machine): \(result.serial)")
            result.expectSuccess()
        }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where a file is not installed; on CI it runs, and fails.
    static func needsFile(_ path: String) -> Self {
        .enabled(
            if: ProcessInfo.processInfo.environment["CI"] != nil
                || FileManager.default.fileExists(atPath: path), "needs \(path)")
    }
}
