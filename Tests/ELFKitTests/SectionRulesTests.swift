import ELFKit
import Testing

@testable import ELFSamples

@Suite("Rules on section headers and .bootloader-config")
struct SectionRulesTests {
    private static let good = KernelConfiguration().encoded()

    @Test(arguments: headers + code + configuration)
    func rule(_ row: Row) throws { try row.check() }

    static let headers: [Row] = [
        .loads("a configuration") { $0.addConfiguration(good) },
        .loads("no section headers, with e_shoff anywhere") { $0.sectionHeaderOffset = .max },
        .loads("no section headers, with e_shoff before the file's last 63 bytes") {
            $0.sectionHeaderOffset = 0x3c1
            $0.contents.append((0x3e1, [UInt8](repeating: 1, count: 8)))
        },
        .loads("no section headers, with e_shoff before zeroes") {
            $0.sectionHeaderOffset = 0x3c0
        },
        .refused(
            "a section count in section 0", .header(.extendedSectionCount(16_000_000))
        ) { kernel in
            kernel.sectionHeaderOffset = 0x3c0
            kernel.contents.append((0x3e0, number(UInt64(16_000_000))))
        },
        .loads("section headers that e_shoff does not point at") { $0.sectionHeaderCount = 3 },
        .loads("sections without names") {
            $0.addConfiguration([])
            $0.sectionNameIndex = 0
        },
        .loads("an unused section past the end of the file") { kernel in
            kernel.addConfiguration(good)
            kernel.sections[0] = .init(name: 20, offset: .max, byteCount: .max)
        },
        .refused(
            "truncated section headers",
            HeaderRulesTests.outside(.sectionHeaders, at: 0x640, count: 192, of: 0x6ff)
        ) {
            $0.addConfiguration(good)
            $0.fileByteCount = 0x6ff
        },
        .refused("e_shentsize 40", .header(.entrySize(.sectionHeader, found: 40, allowed: 64))) {
            $0.addConfiguration(good)
            $0.sectionHeaderByteCount = 40
        },
        .refused("e_shstrndx 3 of 3", .header(.sectionNameIndex(3, sectionCount: 3))) {
            $0.addConfiguration(good)
            $0.sectionNameIndex = 3
        },
        .refused(
            "section names past the end of the file",
            HeaderRulesTests.outside(.sectionNames, at: 0x700, count: 30, of: 0x700)
        ) { kernel in
            kernel.addConfiguration(good)
            kernel.sections[2].offset = 0x700
        },
        .loads("a mebibyte of names") { $0.addNames(byteCount: 1 << 20) },
        .refused(
            "one byte more",
            .header(.sectionNamesTooLarge(byteCount: (1 << 20) + 1, limit: 1 << 20))
        ) { $0.addNames(byteCount: (1 << 20) + 1) },
    ]

    static let code: [Row] = [
        .loads("zeroes that are not code") { kernel in
            kernel.addConfiguration(good)
            kernel.addCodeSection(type: 8)
            kernel.sections[3].flags = 2
        },
        .loads("an empty section of code without bytes") { kernel in
            kernel.addConfiguration(good)
            kernel.addCodeSection(type: 8)
            kernel.sections[3].byteCount = 0
        },
        .refused("a debug file, even a truncated one", .header(.debugFile(sectionIndex: 3))) {
            $0.addConfiguration(good)
            $0.addCodeSection(type: 8)
            $0.segments[1].fileByteCount = 1 << 20
        },
    ]

    static let configuration: [Row] = [
        .refused(
            "a configuration past the end of the file",
            .configuration(.outsideFile(offset: 0x67c, byteCount: 133, fileByteCount: 0x700))
        ) { kernel in
            kernel.addConfiguration(good)
            kernel.sections[1].offset = 0x67c
        },
        .refused("two configurations", .configuration(.duplicate(sectionIndex: 2))) { kernel in
            kernel.addConfiguration(good)
            kernel.sections[2].name = 1
        },
        .refused("one byte too many", .configuration(.byteCount(134))) {
            $0.addConfiguration(good + [0])
        },
        .refused("no bytes in the file", .configuration(.byteCount(0))) { kernel in
            kernel.addConfiguration(good)
            kernel.sections[1].type = 8
        },
    ]

    @Test func `the configuration is returned`() throws {
        var configuration = KernelConfiguration()
        configuration.kernelStackByteCount = 4000
        var kernel = ELFBuilder()
        kernel.addConfiguration(configuration.encoded())
        let loaded = try load(kernel.bytes())
        #expect(loaded.configuration == configuration)
        #expect(loaded.loadedFileRange == 0..<0x485)
    }
}

extension ELFBuilder {
    /// Adds sections with a table of names of that size.
    mutating func addNames(byteCount: Int) {
        addConfiguration(KernelConfiguration().encoded())
        sections[2].byteCount = UInt64(byteCount)
        fileByteCount = 0x600 + byteCount
    }
}
