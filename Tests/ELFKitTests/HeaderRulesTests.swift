import ELFKit
import Testing

@testable import ELFSamples

@Suite("Rules on the ELF header")
struct HeaderRulesTests {
    @Test(arguments: identification + header + tables)
    func rule(_ row: Row) throws { try row.check() }

    static let identification: [Row] = [
        .loads("the unchanged kernel") { _ in },
        .refused("an empty file", .header(.empty)) { $0.fileByteCount = 0 },
        .refused("one byte", .header(.notELF(magic: [0x7f]))) { $0.fileByteCount = 1 },
        .refused("a script", .header(.notELF(magic: [0x23, 0x21, 0x2f, 0x62]))) {
            $0.identification.replaceSubrange(0..<4, with: Array("#!/b".utf8))
        },
        .refused("nothing but the magic", .header(.truncated(fileByteCount: 4))) {
            $0.fileByteCount = 4
        },
        .refused("a header without its last byte", .header(.truncated(fileByteCount: 63))) {
            $0.fileByteCount = 63
        },
        .refused("32 bits", .header(.wordSize(1))) { $0.identification[4] = 1 },
        .refused("an unknown class", .header(.wordSize(3))) { $0.identification[4] = 3 },
        .refused("big-endian", .header(.byteOrder(2))) { $0.identification[5] = 2 },
        .refused("EI_VERSION 0", .header(.version(0))) { $0.identification[6] = 0 },
        .loads("any operating system in EI_OSABI") { $0.identification[7] = 255 },
    ]

    static let header: [Row] = [
        .refused("e_version 2", .header(.version(2))) { $0.version = 2 },
        .loads("an AArch64 kernel") { $0.machine = 183 },
        .refused("a RISC-V kernel", .header(.machine(243, .bits64))) { $0.machine = 243 },
        .refused("an unknown machine", .header(.machine(4242, .bits64))) { $0.machine = 4242 },
        .loads("a position-independent kernel") { $0.type = 3 },
        .refused("ET_NONE", .header(.fileType(0))) { $0.type = 0 },
        .refused("an object file", .header(.fileType(1))) { $0.type = 1 },
        .refused("a core dump", .header(.fileType(4))) { $0.type = 4 },
        .refused("e_ehsize 63", .header(.entrySize(.header, found: 63, allowed: 64))) {
            $0.headerByteCount = 63
        },
        .refused("e_phentsize 57", .header(.entrySize(.programHeader, found: 57, allowed: 56))) {
            $0.programHeaderByteCount = 57
        },
    ]

    static let tables: [Row] = [
        .refused("PN_XNUM", .header(.extendedProgramHeaderCount)) {
            $0.programHeaderCount = 0xffff
        },
        .refused("no program headers", .segment(.nothingToLoad)) {
            $0.programHeaderCount = 0
            $0.programHeaderByteCount = 0
        },
        .refused("no offset of program headers", .segment(.nothingToLoad)) {
            $0.programHeaderOffset = 0
        },
        .loads("program headers at the end of the file") { kernel in
            kernel.programHeaderOffset = 0x400
            kernel.fileByteCount = 0x400 + 112
        },
        .refused(
            "program headers without their last byte",
            outside(.programHeaders, at: 0x400, count: 112, of: 0x400 + 111)
        ) { kernel in
            kernel.programHeaderOffset = 0x400
            kernel.fileByteCount = 0x400 + 111
        },
        .refused(
            "program headers past the end of 64 bits",
            outside(.programHeaders, at: .max - 55, count: 112, of: 0x400)
        ) { $0.programHeaderOffset = .max - 55 },
        .refused(
            "more program headers than fit into the file",
            outside(.programHeaders, at: 64, count: 0xfffe * 56, of: 0x400)
        ) { $0.programHeaderCount = 0xfffe },
    ]

    static func outside(
        _ table: HeaderViolation.Table, at offset: UInt64, count: UInt64, of fileByteCount: UInt64
    ) -> ELFError.Problem {
        .header(
            .tableOutsideFile(
                table, offset: offset, byteCount: count, fileByteCount: fileByteCount))
    }
}
