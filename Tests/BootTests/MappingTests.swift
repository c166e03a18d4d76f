import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels that ask for every mapping there is.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct MappingTests {
    @Test(arguments: Firmware.allCases)
    func `everything is where a kernel fixed it`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let ramdisk = folder.appending("ramdisk").string
            try Data("RAM disk".utf8).write(to: URL(filePath: ramdisk))
            let result = try await Self.boot(
                ["FIXED"], .positionIndependent, on: firmware, in: folder,
                options: ["--ramdisk", ramdisk])
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test(arguments: Firmware.allCases, [SampleKernel.Shape.higherHalf, .packedRelocations])
    func `everything is in the range that a kernel allows`(
        _ firmware: Firmware, _ shape: SampleKernel.Shape
    ) async throws {
        try await withTemporaryFolder { folder in
            let result = try await Self.boot([], shape, on: firmware, in: folder)
            #expect(!result.serial.contains("FAILED"), "\(result.serial)")
            result.expectSuccess()
        }
    }

    @Test(arguments: Firmware.allCases)
    func `two boots differ with ASLR, and are alike without`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            for (definitions, differ) in [(["ASLR"], true), ([], false)] {
                var places: [[Substring]] = []
                for _ in 0..<2 {
                    let result = try await Self.boot(
                        definitions, .positionIndependent, on: firmware, in: folder)
                    result.expectSuccess()
                    places.append(
                        result.serial.split(separator: "\n").filter { $0.contains(" at 0xffff") })
                }
                #expect(places[0].count >= 4, "\(places)")
                #expect((places[0] != places[1]) == differ, "\(places)")
            }
        }
    }

    private static func boot(
        _ definitions: [String], _ shape: SampleKernel.Shape, on firmware: Firmware,
        in folder: FilePath, options: [String] = []
    ) async throws -> BootResult {
        let kernel = try await SampleKernel(
            source: "mappings.c", shape: shape, definitions: definitions
        ).build(in: folder)
        return try await BootTests.boot(kernel, on: firmware, options: options)
    }
}
