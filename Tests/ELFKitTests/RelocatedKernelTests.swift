import ELFKit
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Position-independent kernels with the relocations that linkers write.
@Suite("Relocations by ld.lld", .needs("clang", "ld.lld", "readelf"))
struct RelocatedKernelTests {
    /// Exported symbols may be replaced, so the code uses relocations for them.
    private static let source = """
        int exported = 3;
        int *pointer = &exported;
        static int words[4] = {1, 2, 3, 4};
        int *spread[200] = {[0] = &words[1], [1] = &words[2], [63] = words, [199] = &words[3]};
        extern int missing __attribute__((weak));
        __attribute__((noinline)) int called(int n) { return n + exported; }
        void _start(void) {
            for (;;) exported = called(*pointer) + (&missing != 0) + *spread[words[0]];
        }
        """

    static let options = [
        ["-shared"], ["-shared", "--pack-dyn-relocs=relr"], ["-shared", "-Bsymbolic"],
        ["-pie", "--no-dynamic-linker"],
        ["-pie", "--no-dynamic-linker", "-z", "pack-relative-relocs"],
        ["-pie", "--no-dynamic-linker", "--export-dynamic", "--pack-dyn-relocs=relr"],
    ]

    @Test(arguments: options)
    func `relocations agree with readelf`(_ options: [String]) async throws {
        try await Self.withKernel(options) { path in
            let found = try KernelELF.load(path).relocations.reduce(into: [:]) { counts, table in
                counts.merge(table.counts, uniquingKeysWith: +)
            }
            let verdict = try await Tool(name: "readelf").succeed(["-rW", path.string])
            #expect(found == ReadelfRelocations(verdict.output).counts)
        }
    }

    @Test func `a shared kernel has tables of every kind`() async throws {
        try await Self.withKernel(["-shared", "--pack-dyn-relocs=relr"]) { path in
            let tables = try KernelELF.load(path).relocations
            #expect(tables.map(\.kind) == [.rela, .procedureLinkage, .relr])
            #expect(Set(tables[0].counts.keys) == [.symbol, .globalData])
            #expect(tables[1].counts == [.jumpSlot: 1])
            #expect(tables[2].counts == [.relative: 4])
        }
    }

    @Test func `an undefined symbol is refused with its name`() async throws {
        let source = "int wanted(void); void _start(void) { for (;;) wanted(); }"
        try await Self.withKernel(["-shared"], of: source) { path in
            let problem = ELFError.Problem.relocation(
                .undefinedSymbol(RelocationID(.procedureLinkage, 0), name: "wanted"))
            #expect(throws: ELFError(file: path.string, problem: problem)) {
                try KernelELF.load(path)
            }
            #expect(
                problem.description
                    == "relocation 0 of DT_JMPREL: symbol wanted is undefined; "
                    + "link with -static or define the symbol")
        }
    }

    @Test func `an ifunc is refused with its name`() async throws {
        let source = """
            asm(".globl chosen; .type chosen, @gnu_indirect_function; chosen: ret");
            void chosen(void);
            void _start(void) { for (;;) chosen(); }
            """
        try await Self.withKernel(["-shared"], of: source) { path in
            let problem = ELFError.Problem.relocation(
                .symbolType(
                    RelocationID(.procedureLinkage, 0), .indirectFunction, name: "chosen"))
            #expect(throws: ELFError(file: path.string, problem: problem)) {
                try KernelELF.load(path)
            }
        }
    }

    /// Compiles and links a source and calls `body` with the kernel.
    private static func withKernel(
        _ options: [String], of source: String = source,
        _ body: (FilePath) async throws -> Void
    ) async throws {
        let folder = FilePath("/tmp/elfkit-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(
            atPath: folder.string, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder.string) }
        let (object, kernel) = (folder.appending("kernel.o"), folder.appending("kernel"))
        let file = folder.appending("kernel.c")
        try source.write(toFile: file.string, atomically: false, encoding: .utf8)
        try await Tool(name: "clang").succeed(
            ["--target=x86_64-unknown-none-elf", "-ffreestanding", "-O1", "-fPIC", "-c"]
                + [file.string, "-o", object.string])
        try await Tool(name: "ld.lld").succeed(
            ["-m", "elf_x86_64"] + options + [object.string, "-o", kernel.string])
        try await body(kernel)
    }
}

/// The relocations in the output of `readelf -rW`.
private struct ReadelfRelocations {
    let counts: [RelocationType: UInt64]

    private static let names: [String: RelocationType] = [
        "R_X86_64_NONE": .nothing, "R_X86_64_64": .symbol, "R_X86_64_GLOB_DAT": .globalData,
        "R_X86_64_JUMP_SLOT": .jumpSlot, "R_X86_64_RELATIVE": .relative,
    ]

    init(_ text: String) {
        counts = text.split(separator: "\n").compactMap(Self.type).reduce(into: [:]) {
            $0[$1, default: 0] += 1
        }
    }

    /// The type in the line; a line with an address alone is an unpacked relocation.
    private static func type(in line: Substring) -> RelocationType? {
        let words = line.split(separator: " ").map(String.init)
        if words.count == 1, words[0].count == 16 { return .relative }
        return words.lazy.compactMap { names[$0] }.first
    }
}
