import Foundation
import SystemPackage
import TestSupport
import Testing

/// The twelve kernels by which the bootloader crate tests its loader, from every medium.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct SuiteTests {
    /// A kernel of suites.c, and what it is booted with.
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var shape = SampleKernel.Shape.oneMebibyte
        var ramdiskByteCount: Int?
        var bootConfiguration: String?

        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "DEFAULT_SETTINGS"),
        Row(name: "HIGHER_HALF", shape: .upperHalf),
        Row(name: "PIE", shape: .positionIndependent),
        Row(name: "LTO", shape: .linkTimeOptimized),
        Row(name: "FIXED_KERNEL_ADDRESS", shape: .positionIndependent),
        Row(name: "MAP_PHYSICAL_MEMORY"),
        Row(name: "RAMDISK", ramdiskByteCount: 16 << 20),
        Row(name: "CONFIG_FILE", bootConfiguration: #"{"_test_sentinel": 3735928559}"#),
        Row(name: "MIN_STACK"),
        Row(name: "STACK_ADDRESS"),
        Row(name: "LOWER_MEMORY_FREE"),
        Row(name: "WRITE_USABLE_MEMORY"),
    ]

    @Test(arguments: rows, BootMedium.allCases)
    func `a kernel finds what its suite asserts`(_ row: Row, _ medium: BootMedium) async throws {
        try await withTemporaryFolder { folder in
            let result = try await medium.boot(
                Self.kernel(row, in: folder), options: Self.options(row, in: folder))
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    /// Machines with 6 GiB of memory, of which all but 128 MiB lies above 4 GiB.
    private static let highMemory = ["-m", "6G", "-machine", "max-ram-below-4g=128M"]

    @Test(arguments: BootMedium.plain)
    func `a kernel that fits above 4 GiB only boots`(_ medium: BootMedium) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.kernel(
                Row(name: "ABOVE_4_GIB", shape: .higherHalf), in: folder)
            let result = try await medium.boot(kernel, qemu: Self.highMemory)
            result.expect("ok zeroed data lies above 4 GiB\n")
            result.expectSuccess()
        }
    }

    @Test(arguments: BootMedium.plain)
    func `a RAM disk of 256 MiB that fits above 4 GiB only arrives whole`(
        _ medium: BootMedium
    ) async throws {
        let byteCount = 256 << 20
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: .higherHalf, definitions: ["RAMDISK=\(byteCount)"]
            ).build(in: folder)
            let ramdisk = try writeRAMDisk(byteCount: byteCount, in: folder)
            let result = try await medium.boot(
                kernel, options: ["--ramdisk", ramdisk], qemu: Self.highMemory)
            result.expect("ok RAM disk\n")
            result.expectSuccess()
        }
    }

    static func kernel(
        _ row: Row, for processor: SampleKernel.Processor = .x86, in folder: FilePath
    ) async throws -> FilePath {
        try await SampleKernel(
            source: "suites.c", shape: row.shape, definitions: ["SUITE=\(row.name)"],
            processor: processor
        ).build(in: folder)
    }

    static func options(_ row: Row, in folder: FilePath) throws -> [String] {
        var options: [String] = []
        if let byteCount = row.ramdiskByteCount {
            options += ["--ramdisk", try writeRAMDisk(byteCount: byteCount, in: folder)]
        }
        if let text = row.bootConfiguration {
            let path = folder.appending("boot.json").string
            try Data(text.utf8).write(to: URL(filePath: path))
            options += ["--boot-config", path]
        }
        return options
    }
}
