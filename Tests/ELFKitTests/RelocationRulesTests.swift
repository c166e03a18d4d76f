import ELFKit
import Testing

@testable import ELFSamples

@Suite("Rules on relocations with addends and on their symbols")
struct RelocationRulesTests {
    @Test(arguments: targets + symbols + places)
    func rule(_ row: Row) throws { try row.check() }

    private static func id(_ index: UInt64) -> RelocationID { RelocationID(.rela, index) }

    static let targets: [Row] = [
        .loads("relocations of type NONE with invalid fields") {
            $0.addRelocations([(.max, 0, 7)])
        },
        .loads("the last 8 bytes of a segment's memory") {
            $0.addRelocations([(0x101280, 8, 0), (0x1014f8, 8, 0)])
        },
        .refused(
            "one byte later", .relocation(.targetNotLoaded(id(1), address: 0x1014f9))
        ) { $0.addRelocations([(0x101280, 8, 0), (0x1014f9, 8, 0)]) },
        .refused(
            "one byte before", .relocation(.targetNotLoaded(id(0), address: 0x10127f))
        ) { $0.addRelocations([(0x10127f, 8, 0)]) },
        .refused(
            "past the end of 64 bits",
            .relocation(.targetNotLoaded(id(0), address: .max - 3))
        ) { $0.addRelocations([(.max - 3, 8, 0)]) },
        .refused(
            "RELATIVE with a symbol", .relocation(.relativeWithSymbol(id(0), symbol: 1, .x86_64))
        ) {
            $0.addRelocations([(0x101280, 8, 1)])
        },
        .refused(
            "COPY", .relocation(.unsupportedType(id(1), type: 5, address: 0x101288, .x86_64))
        ) { $0.addRelocations([(0x101280, 8, 0), (0x101288, 5, 1)]) },
        .refused(
            "IRELATIVE among calls",
            .relocation(
                .unsupportedType(
                    RelocationID(.procedureLinkage, 0), type: 37, address: 0x101280,
                    .x86_64))
        ) { $0.addRelocations([(0x101280, 37, 0)], forCalls: true) },
    ]

    static let symbols: [Row] =
        [(UInt32(1), "64"), (6, "GLOB_DAT"), (7, "JUMP_SLOT")].flatMap { rows(type: $0, $1) }

    /// The rules on symbols apply to each type that uses one, in both tables.
    private static func rows(type: UInt32, _ name: String) -> [Row] {
        let call = RelocationID(.procedureLinkage, 0)
        return [
            .loads("\(name) of a symbol in a section") { kernel in
                kernel.addSymbol(section: 1)
                kernel.addRelocations([(0x1014f8, type, 1)])
            },
            .refused(
                "\(name) one byte past the segment",
                .relocation(.targetNotLoaded(id(0), address: 0x1014f9))
            ) { kernel in
                kernel.addSymbol(section: 1)
                kernel.addRelocations([(0x1014f9, type, 1)])
            },
            .loads("\(name) of an absolute symbol") { kernel in
                kernel.addSymbol(section: 0xfff1)
                kernel.addRelocations([(0x101280, type, 1)], forCalls: true)
            },
            .loads("\(name) of an undefined weak symbol") { kernel in
                kernel.addSymbol(binding: 2, section: 0)
                kernel.addRelocations([(0x101280, type, 1)])
            },
            .refused(
                "\(name) of an undefined global symbol",
                .relocation(.undefinedSymbol(call, name: "wanted"))
            ) { kernel in
                kernel.addSymbol(binding: 1, section: 0)
                kernel.addRelocations([(0x101280, type, 1)], forCalls: true)
            },
            .refused(
                "\(name) of symbol 0", .relocation(.undefinedSymbol(id(0), name: nil))
            ) { $0.addRelocations([(0x101280, type, 0)]) },
            .refused(
                "\(name) of a thread-local symbol",
                .relocation(.symbolType(id(0), .threadLocal, name: "wanted"))
            ) { kernel in
                kernel.addSymbol(type: 6, section: 1)
                kernel.addRelocations([(0x101280, type, 1)])
            },
            .refused(
                "\(name) of an ifunc",
                .relocation(.symbolType(call, .indirectFunction, name: "wanted"))
            ) { kernel in
                kernel.addSymbol(type: 10, section: 1)
                kernel.addRelocations([(0x101280, type, 1)], forCalls: true)
            },
        ]
    }

    static let places: [Row] = [
        .loads("functions, data and local symbols") { kernel in
            kernel.addSymbol(binding: 0, type: 2, section: 1)
            kernel.addRelocations([(0x101280, 6, 1)])
        },
        .refused(
            "a symbol past the segment's bytes",
            .relocation(.symbolNotLoaded(id(1), symbol: 2))
        ) { kernel in
            kernel.addSymbol(section: 1)
            kernel.addRelocations([(0x101280, 6, 1), (0x101288, 6, 2)])
        },
        .refused("the largest symbol index", .relocation(.symbolNotLoaded(id(0), symbol: .max))) {
            $0.addRelocations([(0x101280, 6, .max)])
        },
        .refused(
            "a symbol table one byte later", .relocation(.symbolNotLoaded(id(0), symbol: 1))
        ) { $0.addSymbolUse([(6, 0x1013d1)]) },
        .refused(
            "a symbol table past the end of 64 bits",
            .relocation(.symbolNotLoaded(id(0), symbol: 1))
        ) { $0.addSymbolUse([(6, .max - 7)]) },
        .refused("no symbol table", .dynamic(.missing(.symbolTable, neededBy: .rela))) {
            $0.addSymbolUse([])
        },
        .refused("a name that cannot be read", .relocation(.undefinedSymbol(id(0), name: nil))) {
            kernel in
            kernel.addSymbol(section: 0)
            kernel.addSymbolUse([(6, 0x1013d0)])
        },
    ]

    @Test func `relocations are counted by type`() throws {
        var kernel = ELFBuilder()
        kernel.type = 3
        kernel.addSymbol(section: 1)
        kernel.addRelocations([
            (0x101400, 8, 0), (0, 0, 0), (0x100200, 8, 0), (0x101408, 1, 1), (0x101410, 6, 1),
        ])
        let table = try #require(try load(kernel.bytes()).relocations.first)
        #expect(table.fileRange == 0x280..<0x2f8)
        #expect(table.entryCount == 5)
        #expect(table.counts == [.nothing: 1, .symbol: 1, .globalData: 1, .relative: 2])
    }

    @Test func `a table of many blocks is read to its last entry`() throws {
        let count = 30_000
        let good = Array(repeatElement(encodedRelocation(type: 8), count: count - 1).joined())
        let entries = good + encodedRelocation(type: 8, symbol: 1)
        var kernel = ELFBuilder()
        kernel.extendData(with: entries)
        kernel.addDynamic([(7, 0x101400), (8, UInt64(entries.count)), (9, 24), (0, 0)])
        let problem = ELFError.Problem.relocation(
            .relativeWithSymbol(Self.id(UInt64(count - 1)), symbol: 1, .x86_64))
        #expect(throws: ELFError(file: "kernel", problem: problem)) { try load(kernel.bytes()) }
    }

    @Test(arguments: [1, 499, 167, 169, 331])
    func `symbols are found in any order`(step: Int) throws {
        // Symbol 300 of 500 is undefined, and used last.
        let order = (1...500).map { (300 + $0 * step) % 500 }
        let entries = order.flatMap {
            encodedRelocation(type: 6, symbol: UInt32($0))
        }
        let symbols = (0..<500).flatMap { encodedSymbol(binding: 1, section: $0 == 300 ? 0 : 1) }
        var kernel = ELFBuilder()
        kernel.extendData(with: entries + symbols)
        kernel.addDynamic([
            (7, 0x101400), (8, UInt64(entries.count)), (9, 24),
            (6, 0x101400 + UInt64(entries.count)), (0, 0),
        ])
        let problem = ELFError.Problem.relocation(.undefinedSymbol(Self.id(499), name: nil))
        #expect(throws: ELFError(file: "kernel", problem: problem)) { try load(kernel.bytes()) }
    }
}

extension ELFBuilder {
    /// Adds a relocation that uses symbol 1, and these entries of the dynamic section.
    fileprivate mutating func addSymbolUse(_ entries: [DynamicEntry]) {
        contents.append((0x280, encodedRelocation(type: 6, symbol: 1)))
        addDynamic([(7, 0x101280), (8, 24), (9, 24)] + entries + [(0, 0)])
    }
}
