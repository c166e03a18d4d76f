import ELFKit
import Testing

@testable import ELFSamples

@Suite("Rules on the dynamic section")
struct DynamicRulesTests {
    @Test(arguments: section + tables)
    func rule(_ row: Row) throws { try row.check() }

    static let section: [Row] = [
        .loads("an empty dynamic section") { $0.addDynamic([]) },
        .loads("nothing but its end") { $0.addDynamic([(0, 0)]) },
        .loads("anything after its end") { $0.addDynamic([(0, 0), (1, 1), (17, 1)]) },
        .refused("no end", .dynamic(.unterminated(byteCount: 16))) { $0.addDynamic([(5, 0)]) },
        .refused(
            "a section past the end of the file",
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
        .refused("a required library", .dynamic(.needsLibrary("libc.so.6"))) { kernel in
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
        .loads("packed relocations without contents") {
            $0.addDynamic([(36, 0), (35, 0), (0, 0)])
        },
        .refused("relocations without addends", .dynamic(.unsupportedTable(.rel))) {
            $0.addDynamic([(17, 0x101280), (18, 16), (0, 0)])
        },
        .refused("those of unknown size", .dynamic(.unsupportedTable(.rel))) {
            $0.addDynamic([(17, 0x101280), (0, 0)])
        },
        .refused("those at an unknown address", .dynamic(.unsupportedTable(.rel))) {
            $0.addDynamic([(18, 16), (0, 0)])
        },
        .refused(
            "calls without addends",
            .dynamic(.encoding(.procedureLinkageEncoding, found: 17, allowed: 7))
        ) { $0.addDynamic([(23, 0x101280), (2, 16), (20, 17), (0, 0)]) },
        .refused("two symbol tables", .dynamic(.duplicate(.symbolTable))) {
            $0.addDynamic([(6, 0), (6, 0), (0, 0)])
        },
        .loads("symbols of 24 bytes") { $0.addDynamic([(6, 0), (11, 24), (0, 0)]) },
        .refused(
            "symbols of 23 bytes", .dynamic(.encoding(.symbolEntrySize, found: 23, allowed: 24))
        ) {
            $0.addDynamic([(6, 0), (11, 23), (0, 0)])
        },
    ]
}
