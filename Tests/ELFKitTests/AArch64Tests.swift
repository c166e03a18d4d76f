import ELFKit
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ELFSamples

/// The differences in kernels for AArch64: machine, relocation types, addresses.
@Suite("Kernels for AArch64")
struct AArch64Tests {
    private static func row(_ row: Row) -> Row {
        Row(sentence: row.sentence, problem: row.problem) { kernel in
            kernel.machine = 183
            row.change(&kernel)
        }
    }

    private static func id(_ index: UInt64) -> RelocationID { RelocationID(.rela, index) }

    private static func move(_ kernel: inout ELFBuilder, dataTo address: UInt64) {
        kernel.segments[1].address = address
        kernel.segments[1].alignment = 1
    }

    static let addresses: [Row] = [
        .loads("the last addresses of the lower half") { move(&$0, dataTo: 0xffff_ffff_fd80) },
        .refused(
            "one address past it",
            .segment(
                .notCanonical(
                    SegmentID(.load, 1), 0xffff_ffff_fd81..<0x1_0000_0000_0001, .aarch64))
        ) { move(&$0, dataTo: 0xffff_ffff_fd81) },
        .loads("the first address of the upper half") {
            move(&$0, dataTo: 0xffff_0000_0000_0000)
        },
        .refused(
            "one address below it",
            .segment(
                .notCanonical(
                    SegmentID(.load, 1), 0xfffe_ffff_ffff_ffff..<0xffff_0000_0000_027f, .aarch64))
        ) { move(&$0, dataTo: 0xfffe_ffff_ffff_ffff) },
    ]

    static let relocations: [Row] = [
        .loads("each type that the loader applies") { kernel in
            kernel.type = 3
            kernel.addSymbol(section: 1)
            kernel.addRelocations([
                (0, 0, 0), (0x101400, 257, 1), (0x101408, 1025, 1), (0x101410, 1026, 1),
                (0x101418, 1027, 0),
            ])
        },
        .refused(
            "RELATIVE with a symbol",
            .relocation(.relativeWithSymbol(id(0), symbol: 1, .aarch64))
        ) { $0.addRelocations([(0x101280, 1027, 1)]) },
        .refused(
            "R_X86_64_RELATIVE",
            .relocation(.unsupportedType(id(0), type: 8, address: 0x101280, .aarch64))
        ) { $0.addRelocations([(0x101280, 8, 0)]) },
        .refused(
            "ABS64 of an undefined symbol",
            .relocation(.undefinedSymbol(id(0), name: "wanted"))
        ) { kernel in
            kernel.addSymbol(binding: 1, section: 0)
            kernel.addRelocations([(0x101280, 257, 1)])
        },
    ]

    @Test(arguments: addresses + relocations)
    func rule(_ row: Row) throws { try Self.row(row).check() }

    @Test func `messages name the relocation type`() {
        let irelative = ELFError.Problem.relocation(
            .unsupportedType(Self.id(2), type: 1032, address: 0x40, .aarch64))
        #expect(irelative.description.contains(": R_AARCH64_IRELATIVE (type 1032) at address 0x40"))
        let relative = ELFError.Problem.relocation(
            .relativeWithSymbol(Self.id(2), symbol: 1, .aarch64))
        #expect(
            relative.description.contains(": R_AARCH64_RELATIVE has symbol 1, must have symbol 0"))
    }

    @Test(
        .needs("clang", "ld.lld", "readelf"),
        arguments: [
            ["-shared", "--pack-dyn-relocs=relr"], ["-pie", "--no-dynamic-linker"],
            ["-static", "--image-base=0xffff800000000000"],
        ])
    func `kernels linked by ld.lld load, with the relocations that readelf lists`(
        _ options: [String]
    ) async throws {
        try await withTemporaryFolder { folder in
            let source = """
                int exported = 3;
                int *pointer = &exported;
                __attribute__((noinline)) int called(int n) { return n + exported; }
                void _start(void) { for (;;) exported = called(*pointer); }
                """
            let file = folder.appending("kernel.c")
            let (object, path) = (folder.appending("kernel.o"), folder.appending("kernel"))
            try source.write(toFile: file.string, atomically: false, encoding: .utf8)
            try await Tool(name: "clang").succeed(
                ["--target=aarch64-none-elf", "-ffreestanding", "-O1", "-fPIC", "-c"]
                    + [file.string, "-o", object.string])
            try await Tool(name: "ld.lld").succeed(
                ["-m", "aarch64elf"] + options + [object.string, "-o", path.string])
            let kernel = try KernelELF.load(path)
            #expect(kernel.architecture == .aarch64)
            let count = kernel.relocations.flatMap(\.counts.values).reduce(0, +)
            let readelf = try await Tool(name: "readelf").succeed(["-rW", path.string])
            let lines = readelf.lines.filter { line in
                let isPacked = line.count == 16 && line.allSatisfy(\.isHexDigit)
                return line.contains("R_AARCH64_") || isPacked
            }
            #expect(count == UInt64(lines.count))
        }
    }
}
