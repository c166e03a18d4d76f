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

    /// The processor model without and the one with pages of 1 GiB; QEMU reserves nothing that the
    /// guest does not touch.
    @Test(arguments: Firmware.allCases, ["qemu64", "max"])
    func `64 GiB of memory are mapped`(
        _ firmware: Firmware, _ processor: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "mappings.c", shape: .higherHalf)
                .build(in: folder)
            let result = try await BootTests.boot(
                kernel, on: firmware,
                qemu: [
                    "-object", "memory-backend-ram,id=memory,size=64G,reserve=off", "-m", "64G",
                    "-machine", "memory-backend=memory", "-cpu", processor,
                ])
            result.expect("ok the end of the usable memory can be written\n")
            result.expect("the usable memory ends at 0x0000001")
            result.expectSuccess()
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
