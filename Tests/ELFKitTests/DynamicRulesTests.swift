import ELFKit
import Testing

@Suite("Rules of the dynamic section and its relocations")
struct DynamicRulesTests {
    @Test(arguments: section + tables)
    func rule(_ row: Row) throws { try row.check() }

    @Test(arguments: relocations)
    func relocationRule(_ row: Row) throws { try row.check() }

    static let section: [Row] = [
        .loads("an empty dynamic section") { $0.addDynamic([]) },
        .loads("nothing but its end") { $0.addDynamic([(0, 0)]) },
        .loads("anything behind its end") { $0.addDynamic([(0, 0), (1, 1), (17, 1)]) },
        .refused("no end", .dynamic(.unterminated(byteCount: 16))) { $0.addDynamic([(5, 0)]) },
        .refused(
            "a section behind the end of the file",
            .segment(
                .outsideFile(
                    SegmentID(.dynamic, 2), offset: 0x3f1, byteCount: 16, fileByteCount: 0x400))
        ) { kernel in
            kernel.addDynamic([(0, 0)])
            kernel.segments[2].offset = 0x3f1
        },
        .refused("two sections", .segment(.duplicate(SegmentID(.dynamic, 3)))) {
            $0.addDynamic([(0, 0)])
            $0.addDynamic([(0, 0)])
        },
        .refused("two string tables", .dynamic(.duplicate(.stringTable))) {
            $0.addDynamic([(5, 0), (5, 0), (0, 0)])
        },
        .refused("a library that is needed", .dynamic(.needsLibrary("libc.so.6"))) { kernel in
            kernel.contents.append((0x380, Array("?libc.so.6\0".utf8)))
            kernel.addDynamic([(1, 1), (1, 5), (5, 0x101380), (0, 0)])
        },
        .refused("a library without a name", .dynamic(.needsLibrary(nil))) {
            $0.addDynamic([(1, .max), (5, 0x101380), (0, 0)])
        },
    ]

    static let tables: [Row] = [
        .loads("relocation tables without contents") {
            $0.addDynamic([(7, 0), (8, 0), (17, 0), (18, 0), (23, 0), (2, 0), (0, 0)])
        },
        .refused("packed relocations", .dynamic(.unsupportedTable(.relr))) {
            $0.addDynamic([(36, 0x101280), (35, 8), (0, 0)])
        },
        .refused("relocations without addends", .dynamic(.unsupportedTable(.rel))) {
            $0.addDynamic([(17, 0x101280), (18, 16), (0, 0)])
        },
        .refused("calls through a table", .dynamic(.unsupportedTable(.procedureLinkage))) {
            $0.addDynamic([(23, 0x101280), (2, 24), (0, 0)])
        },
        .refused("an address alone", .dynamic(.missing(.relaSize, neededBy: .rela))) {
            $0.addDynamic([(7, 0x101280), (0, 0)])
        },
        .refused("a size alone", .dynamic(.missing(.rela, neededBy: .relaSize))) {
            $0.addDynamic([(8, 24), (0, 0)])
        },
        .refused("no entry size", .dynamic(.missing(.relaEntrySize, neededBy: .rela))) {
            $0.addDynamic([(7, 0x101280), (8, 24), (0, 0)])
        },
        .refused("entries of 25 bytes", .dynamic(.entrySize(25))) {
            $0.addDynamic([(7, 0x101280), (8, 25), (9, 25), (0, 0)])
        },
        .refused("half an entry", .dynamic(.tableSize(36))) {
            $0.addDynamic([(7, 0x101280), (8, 36), (9, 24), (0, 0)])
        },
        .loads("a table at the end of the segment's bytes") {
            $0.addDynamic([(7, 0x1013e8), (8, 24), (9, 24), (0, 0)])
        },
        .refused(
            "a table one byte further",
            .dynamic(.tableNotLoaded(address: 0x1013e9, byteCount: 24))
        ) { $0.addDynamic([(7, 0x1013e9), (8, 24), (9, 24), (0, 0)]) },
        .refused(
            "a table around the end of 64 bits",
            .dynamic(.tableNotLoaded(address: .max - 7, byteCount: 24))
        ) { $0.addDynamic([(7, .max - 7), (8, 24), (9, 24), (0, 0)]) },
    ]

    static let relocations: [Row] = [
        .loads("relocations that do nothing, of nothing") {
            $0.addRelocations([(.max, 0, 7)])
        },
        .loads("the last 8 bytes of a segment's memory") {
            $0.addRelocations([(0x101280, 8, 0), (0x1014f8, 8, 0)])
        },
        .refused(
            "one byte further", .relocation(.targetNotLoaded(index: 1, address: 0x1014f9))
        ) { $0.addRelocations([(0x101280, 8, 0), (0x1014f9, 8, 0)]) },
        .refused(
            "one byte before", .relocation(.targetNotLoaded(index: 0, address: 0x10127f))
        ) { $0.addRelocations([(0x10127f, 8, 0)]) },
        .refused(
            "around the end of 64 bits",
            .relocation(.targetNotLoaded(index: 0, address: .max - 3))
        ) { $0.addRelocations([(.max - 3, 8, 0)]) },
        .refused("RELATIVE with a symbol", .relocation(.symbol(index: 0, symbol: 1))) {
            $0.addRelocations([(0x101280, 8, 1)])
        },
        .refused(
            "GLOB_DAT",
            .relocation(.unsupportedType(index: 1, type: 6, address: 0x101288))
        ) { $0.addRelocations([(0x101280, 8, 0), (0x101288, 6, 1)]) },
    ]

    @Test func relocationsAreCounted() throws {
        var kernel = ELFBuilder()
        kernel.type = 3
        kernel.addRelocations([(0x101400, 8, 0), (0, 0, 0), (0x100200, 8, 0)])
        let table = try #require(try load(kernel.bytes()).relocations)
        #expect(table.virtualAddress == 0x101280)
        #expect(table.fileRange == 0x280..<0x2c8)
        #expect(table.entryCount == 3)
        #expect(table.relativeCount == 2)
    }

    @Test("A table of many blocks is read to its last entry")
    func longTable() throws {
        let count = 30_000
        var kernel = ELFBuilder()
        let good = number(UInt64(0x101280)) + number(UInt64(8)) + number(UInt64(0))
        var entries = Array(repeatElement(good, count: count).joined())
        entries[entries.count - 12] = 1
        kernel.contents.append((0x400, entries))
        kernel.fileByteCount = 0x400 + entries.count
        kernel.segments[1].fileByteCount = UInt64(0x180 + entries.count)
        kernel.segments[1].memoryByteCount = UInt64(0x180 + entries.count)
        kernel.addDynamic([(7, 0x101400), (8, UInt64(entries.count)), (9, 24), (0, 0)])
        let problem = ELFError.Problem.relocation(.symbol(index: UInt64(count - 1), symbol: 1))
        #expect(throws: ELFError(file: "kernel", problem: problem)) { try load(kernel.bytes()) }
    }
}
