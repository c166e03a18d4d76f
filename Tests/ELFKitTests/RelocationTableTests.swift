import ELFKit
import Testing

@testable import ELFSamples

/// The rules on each relocation table: its address, its size and its encoding.
@Suite("Rules on relocation tables")
struct RelocationTableTests {
    /// One of the tables, with its entries in the dynamic section.
    struct Table: Sendable {
        let kind: RelocationTable.Kind
        let address: DynamicTag
        let size: DynamicTag
        let encoding: (tag: DynamicTag, value: UInt64)
        let entryByteCount: UInt64

        func entries(at start: UInt64, byteCount: UInt64) -> [ELFBuilder.DynamicEntry] {
            [
                (address.rawValue, start), (size.rawValue, byteCount),
                (encoding.tag.rawValue, encoding.value), (0, 0),
            ]
        }
    }

    static let tables = [
        Table(
            kind: .rela, address: .rela, size: .relaSize, encoding: (.relaEntrySize, 24),
            entryByteCount: 24),
        Table(
            kind: .procedureLinkage, address: .procedureLinkage, size: .procedureLinkageSize,
            encoding: (.procedureLinkageEncoding, 7), entryByteCount: 24),
        Table(
            kind: .relr, address: .relr, size: .relrSize, encoding: (.relrEntrySize, 8),
            entryByteCount: 8),
    ]

    @Test(arguments: tables.flatMap { entries($0) + places($0) })
    func rule(_ row: Row) throws { try row.check() }

    static func entries(_ table: Table) -> [Row] {
        let (name, encoding) = (table.address.elfName, table.encoding)
        let halfByteCount = table.entryByteCount / 2
        return [
            .refused("\(name) alone", .dynamic(.missing(table.size, neededBy: table.address))) {
                $0.addDynamic([(table.address.rawValue, 0x101280), (0, 0)])
            },
            .refused(
                "the size of \(name) alone",
                .dynamic(.missing(table.address, neededBy: table.size))
            ) { $0.addDynamic([(table.size.rawValue, 24), (0, 0)]) },
            .refused(
                "\(name) without \(encoding.tag.elfName)",
                .dynamic(.missing(encoding.tag, neededBy: table.address))
            ) { kernel in
                kernel.addDynamic(
                    table.entries(at: 0x101280, byteCount: 24).filter {
                        $0.tag != encoding.tag.rawValue
                    })
            },
            .refused(
                "\(encoding.tag.elfName) one more, without a table",
                .dynamic(
                    .encoding(
                        encoding.tag, found: encoding.value + 1, allowed: encoding.value))
            ) { $0.addDynamic([(encoding.tag.rawValue, encoding.value + 1), (0, 0)]) },
            .refused(
                "half an entry of \(name)",
                .dynamic(.tableSize(table.kind, byteCount: 3 * halfByteCount))
            ) { $0.addDynamic(table.entries(at: 0x101280, byteCount: 3 * halfByteCount)) },
        ]
    }

    static func places(_ table: Table) -> [Row] {
        let (name, byteCount) = (table.address.elfName, table.entryByteCount)
        let last = 0x101400 - byteCount
        return [
            .loads("\(name) at the end of the segment's bytes") { kernel in
                kernel.contents.append((0x3f8, number(UInt64(0x101280))))
                kernel.addDynamic(table.entries(at: last, byteCount: byteCount))
            },
            .refused(
                "\(name) one byte later",
                .dynamic(.tableNotLoaded(table.kind, address: last + 1, byteCount: byteCount))
            ) { $0.addDynamic(table.entries(at: last + 1, byteCount: byteCount)) },
            .refused(
                "\(name) past the end of 64 bits",
                .dynamic(.tableNotLoaded(table.kind, address: .max - 3, byteCount: byteCount))
            ) { $0.addDynamic(table.entries(at: .max - 3, byteCount: byteCount)) },
        ]
    }

    @Test func `tables are listed in the order in which the loader applies them`() throws {
        var kernel = ELFBuilder()
        kernel.addEveryTable()
        let tables = try load(kernel.bytes()).relocations
        #expect(tables.map(\.kind) == [.rela, .procedureLinkage, .relr])
        #expect(tables.map(\.virtualAddress) == [0x101280, 0x1012b0, 0x1012c8])
        #expect(tables.map(\.fileRange) == [0x280..<0x2b0, 0x2b0..<0x2c8, 0x2c8..<0x2d8])
        #expect(tables.map(\.entryCount) == [2, 1, 2])
        #expect(
            tables.map(\.counts) == [[.relative: 1, .symbol: 1], [.jumpSlot: 1], [.relative: 2]])
    }
}
