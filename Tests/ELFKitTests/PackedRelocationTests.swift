import ELFKit
import Testing

@testable import ELFSamples

@Suite("Rules on packed relative relocations")
struct PackedRelocationTests {
    @Test(arguments: targets + bitmaps)
    func rule(_ row: Row) throws { try row.check() }

    private static func notLoaded(_ index: UInt64, _ address: UInt64) -> ELFError.Problem {
        .relocation(.targetNotLoaded(RelocationID(.relr, index), address: address))
    }

    static let targets: [Row] = [
        .loads("the first and the last word of a segment's memory") {
            $0.addPackedRelocations([0x101280, 0x1014f8])
        },
        .loads("words in descending order, at any even address") {
            $0.addPackedRelocations([0x101402, 0x100200])
        },
        .refused("two bytes later", notLoaded(1, 0x1014fa)) {
            $0.addPackedRelocations([0x101280, 0x1014fa])
        },
        .refused("two bytes before", notLoaded(0, 0x10127e)) {
            $0.addPackedRelocations([0x10127e])
        },
        .refused("past the end of 64 bits", notLoaded(0, .max - 3)) {
            $0.addPackedRelocations([.max - 3])
        },
    ]

    static let bitmaps: [Row] = [
        .refused(
            "a bitmap first",
            .relocation(.bitmapWithoutAddress(RelocationID(.relr, 0), bitmap: 3))
        ) { $0.addPackedRelocations([3, 0x101280]) },
        .loads("an empty bitmap past the segment") {
            $0.addPackedRelocations([0x1014f8, 1])
        },
        .loads("the last word by the first bit") { $0.addPackedRelocations([0x1014f0, 0b11]) },
        .refused("one word later", notLoaded(1, 0x101500)) {
            $0.addPackedRelocations([0x1014f0, 0b111])
        },
        .loads("the last word by the last bit") {
            $0.addPackedRelocations([0x1014f8 - 63 * 8, 1 << 63 | 1])
        },
        .refused("one word later by the last bit", notLoaded(1, 0x101500)) {
            $0.addPackedRelocations([0x101500 - 63 * 8, 1 << 63 | 1])
        },
        .loads("the last word by the second bitmap") {
            $0.addPackedRelocations([0x1014f8 - 64 * 8, .max, 0b11])
        },
        .refused("one word later by the second bitmap", notLoaded(2, 0x101500)) {
            $0.addPackedRelocations([0x1014f8 - 64 * 8, .max, 0b111])
        },
        .refused("empty bitmaps past the end of 64 bits", notLoaded(7, 0xd0)) { kernel in
            let start: UInt64 = 0xffff_ffff_ffff_f280
            kernel.segments[1].address = start
            let entries = [start + 0x278] + [UInt64](repeating: 1, count: 6) + [0b11]
            kernel.contents.append((0x280, entries.flatMap { number($0) }))
            kernel.addDynamic([(36, start), (35, 64), (37, 8), (0, 0)])
        },
    ]

    @Test func `relocations are counted by type`() throws {
        var kernel = ELFBuilder()
        kernel.addPackedRelocations([0x100200, 1, 0x101280, .max, 0b111])
        let table = try #require(try load(kernel.bytes()).relocations.first)
        #expect(table.kind == .relr)
        #expect(table.virtualAddress == 0x101280)
        #expect(table.fileRange == 0x280..<0x2a8)
        #expect(table.entryCount == 5)
        #expect(table.counts == [.relative: 1 + 1 + 63 + 2])
    }

    @Test func `a table of many blocks is read to its last entry`() throws {
        let count = 100_000
        let entries = repeatElement(UInt64(0x101280), count: count - 1) + [0b11 as UInt64]
        var kernel = ELFBuilder()
        kernel.extendData(with: entries.flatMap { number($0) })
        kernel.addDynamic([(36, 0x101400), (35, UInt64(8 * count)), (37, 8), (0, 0)])
        let table = try #require(try load(kernel.bytes()).relocations.first)
        #expect(table.counts == [.relative: UInt64(count)])
    }
}
