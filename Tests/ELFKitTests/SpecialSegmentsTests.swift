import ELFKit
import Testing

@testable import ELFSamples

@Suite("Rules on PT_TLS and PT_GNU_RELRO, and warnings")
struct SpecialSegmentsTests {
    @Test(arguments: tls + relro)
    func rule(_ row: Row) throws { try row.check() }

    private static let second = SegmentID(.threadLocal, 2)

    static let tls: [Row] = [
        .loads("a template") { $0.addTLS() },
        .loads("a template of zeroes, at any address") { kernel in
            kernel.addTLS(fileByteCount: 0)
            kernel.segments[2].address = 0xdead_0000
        },
        .refused("a second template", .segment(.duplicate(SegmentID(.threadLocal, 3)))) {
            $0.addTLS()
            $0.addTLS()
        },
        .refused(
            "a template with one byte fewer in memory than in the file",
            .segment(.fileLargerThanMemory(second, fileByteCount: 0x10, memoryByteCount: 0xf))
        ) { $0.addTLS(memoryByteCount: 0xf) },
        .refused(
            "a template past the end of the file",
            .segment(.outsideFile(second, offset: 0x3f1, byteCount: 0x10, fileByteCount: 0x400))
        ) { kernel in
            kernel.addTLS()
            kernel.segments[2].offset = 0x3f1
        },
        .refused("a template aligned to 3", .segment(.alignment(second, 3))) { kernel in
            kernel.addTLS()
            kernel.segments[2].alignment = 3
        },
        .refused(
            "a template that is not loaded", .segment(.notLoaded(second, 0x1014f1..<0x101501))
        ) { kernel in
            kernel.addTLS()
            kernel.segments[2].address = 0x1014f1
        },
    ]

    static let relro: [Row] = [
        .loads("read-only data up to the end of the segment's last page") { kernel in
            kernel.segments[1].address = 0x102280
            kernel.addRELRO(0x102280..<0x103000)
        },
        .refused(
            "read-only data one byte later",
            .segment(.notLoaded(SegmentID(.relro, 2), 0x102280..<0x103001))
        ) { kernel in
            kernel.segments[1].address = 0x102280
            kernel.addRELRO(0x102280..<0x103001)
        },
        .refused(
            "read-only data that begins before the segment",
            .segment(.notLoaded(SegmentID(.relro, 2), 0x10127f..<0x101290))
        ) { $0.addRELRO(0x10127f..<0x101290) },
        .refused("read-only data twice", .segment(.duplicate(SegmentID(.relro, 3)))) {
            $0.addRELRO(0x101280..<0x101290)
            $0.addRELRO(0x101290..<0x1012a0)
        },
    ]

    @Test func `the template has its ranges and its alignment`() throws {
        var kernel = ELFBuilder()
        kernel.addTLS()
        let tls = try #require(try load(kernel.bytes()).tls)
        #expect(tls.fileRange == 0x280..<0x290)
        #expect(tls.memoryRange == 0x101280..<0x1012a0)
        #expect(tls.alignment == 16)
    }

    @Test func `segments are sorted by address`() throws {
        var kernel = ELFBuilder()
        kernel.segments.swapAt(0, 1)
        kernel.addRELRO(0x101280..<0x101290)
        let loaded = try load(kernel.bytes())
        #expect(loaded.segments.map(\.index) == [1, 0])
        #expect(loaded.segments.map(\.fileRange) == [0x200..<0x280, 0x280..<0x400])
        #expect(loaded.segments.map(\.memoryRange) == [0x100200..<0x100280, 0x101280..<0x101500])
        #expect(loaded.segments.map(\.permissions) == [[.read, .execute], [.read, .write]])
        #expect(loaded.relro == 0x101280..<0x101290)
        #expect(loaded.loadedFileRange == 0..<0x400)
        #expect(loaded.warnings.isEmpty)
    }

    @Test func `a writable and executable segment causes a warning`() throws {
        var kernel = ELFBuilder()
        kernel.segments[0].flags = 7
        #expect(try load(kernel.bytes()).warnings == [.writableCode(SegmentID(.load, 0))])
    }

    @Test func `a segment at page 0 causes a warning in an ET_EXEC only`() throws {
        var kernel = ELFBuilder()
        kernel.segments[1].address = 0x280
        #expect(try load(kernel.bytes()).warnings == [.nullPage(SegmentID(.load, 1))])
        kernel.type = 3
        #expect(try load(kernel.bytes()).warnings.isEmpty)
    }

    @Test func `an interpreter without libraries causes a warning`() throws {
        var kernel = ELFBuilder()
        kernel.addTLS()
        kernel.segments[2].type = 3
        #expect(
            try load(kernel.bytes()).warnings == [.unusedInterpreter(SegmentID(.interpreter, 2))])
    }
}
