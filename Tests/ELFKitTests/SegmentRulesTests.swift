import ELFKit
import Testing

@testable import ELFSamples

@Suite("Rules on PT_LOAD")
struct SegmentRulesTests {
    @Test(arguments: file + alignment + overlap)
    func rule(_ row: Row) throws { try row.check() }

    @Test(arguments: addresses + entry)
    func addressRule(_ row: Row) throws { try row.check() }

    private static let data = SegmentID(.load, 1)

    static let file: [Row] = [
        .refused("no PT_LOAD with memory", .segment(.nothingToLoad)) { kernel in
            for index in 0...1 {
                kernel.segments[index].fileByteCount = 0
                kernel.segments[index].memoryByteCount = 0
            }
        },
        .loads("an empty segment with invalid fields") { kernel in
            kernel.segments.append(
                .init(offset: .max, address: 0xdead, fileByteCount: 0, memoryByteCount: 0))
        },
        .refused(
            "a segment one byte longer than the file",
            .segment(
                .outsideFile(data, offset: 0x280, byteCount: 0x181, fileByteCount: 0x400))
        ) { $0.segments[1].fileByteCount = 0x181 },
        .refused(
            "a segment whose end exceeds 64 bits",
            .segment(
                .outsideFile(
                    data, offset: 0xffff_ffff_ffff_f280, byteCount: 0x1000, fileByteCount: 0x400))
        ) { kernel in
            kernel.segments[1].offset = 0xffff_ffff_ffff_f280
            kernel.segments[1].fileByteCount = 0x1000
            kernel.segments[1].memoryByteCount = 0x1000
        },
        .loads("a segment of zeroes with an offset past the end of the file") { kernel in
            kernel.segments[1].offset = 0x5280
            kernel.segments[1].fileByteCount = 0
        },
        .loads("as many bytes in the file as in memory") {
            $0.segments[1].memoryByteCount = 0x180
        },
        .refused(
            "one byte fewer in memory than in the file",
            .segment(.fileLargerThanMemory(data, fileByteCount: 0x180, memoryByteCount: 0x17f))
        ) { $0.segments[1].memoryByteCount = 0x17f },
    ]

    static let alignment: [Row] = [
        .loads("no alignment") { $0.segments[1].alignment = 0 },
        .loads("alignment 1, with different address and offset") { kernel in
            kernel.segments[1].alignment = 1
            kernel.segments[1].address = 0x101283
        },
        .loads("alignment to less than a page") { kernel in
            kernel.segments[1].alignment = 16
            kernel.segments[1].address = 0x101270
        },
        .refused("alignment 24", .segment(.alignment(data, 24))) {
            $0.segments[1].alignment = 24
        },
        .refused(
            "different address and offset",
            .segment(
                .misaligned(data, address: 0x101290, offset: 0x280, alignment: 0x1000))
        ) { $0.segments[1].address = 0x101290 },
        .loads("a position-independent kernel with the largest alignment") { kernel in
            kernel.type = 3
            kernel.segments[1].alignment = 512 << 30
            kernel.segments[1].address = 0x280
        },
        .refused(
            "a position-independent kernel with twice the largest alignment",
            .segment(.alignmentTooLarge(data, 1024 << 30, limit: 512 << 30))
        ) { kernel in
            kernel.type = 3
            kernel.segments[1].alignment = 1024 << 30
            kernel.segments[1].address = 0x280
        },
    ]

    static let overlap: [Row] = [
        .loads("segments that touch, on one page") { $0.segments[1].address = 0x100280 },
        .refused(
            "segments that share one byte",
            .segment(.overlap(SegmentID(.load, 0), data, address: 0x100280))
        ) { kernel in
            kernel.segments[1].address = 0x100280
            kernel.segments[0].memoryByteCount = 0x81
        },
        .loads("segments out of order") { $0.segments.swapAt(0, 1) },
        .refused(
            "segments out of order that share one byte",
            .segment(.overlap(SegmentID(.load, 1), SegmentID(.load, 0), address: 0x100280))
        ) { kernel in
            kernel.segments[1].address = 0x100280
            kernel.segments[0].memoryByteCount = 0x81
            kernel.segments.swapAt(0, 1)
        },
    ]

    static let addresses: [Row] = [
        .loads("the last addresses of the lower half") {
            $0.segments[1].address = 0x7fff_ffff_fd80
            $0.segments[1].alignment = 1
        },
        .refused(
            "one address past the lower half",
            .segment(.notCanonical(data, 0x7fff_ffff_fd81..<0x8000_0000_0001, .x86_64))
        ) { kernel in
            kernel.segments[1].address = 0x7fff_ffff_fd81
            kernel.segments[1].alignment = 1
        },
        .loads("the first address of the upper half") {
            $0.segments[1].address = 0xffff_8000_0000_0280
            $0.segments[1].alignment = 0x80
        },
        .refused(
            "one address before the upper half",
            .segment(.notCanonical(data, 0xffff_7fff_ffff_ffff..<0xffff_8000_0000_027f, .x86_64))
        ) { kernel in
            kernel.segments[1].address = 0xffff_7fff_ffff_ffff
            kernel.segments[1].alignment = 1
        },
        .refused(
            "a segment across the hole between the halves",
            .segment(.notCanonical(data, 0x101280..<0xffff_8000_0000_1000, .x86_64))
        ) { $0.segments[1].memoryByteCount = 0xffff_8000_0000_1000 - 0x101280 },
        .loads("an end just below 2^64") { kernel in
            kernel.segments[1].address = .max - 0x280
            kernel.segments[1].alignment = 1
        },
        .refused(
            "an end at 2^64",
            .segment(.addressOverflow(data, address: .max - 0x27f, memoryByteCount: 0x280))
        ) { kernel in
            kernel.segments[1].address = .max - 0x27f
            kernel.segments[1].alignment = 1
        },
        .loads("a position-independent kernel that spans 512 GiB") { kernel in
            kernel.type = 3
            kernel.segments[1].memoryByteCount = (512 << 30) - 0x1080
        },
        .refused(
            "a position-independent kernel that spans one byte more",
            .segment(.span(byteCount: (512 << 30) + 1, limit: 512 << 30))
        ) { kernel in
            kernel.type = 3
            kernel.segments[1].memoryByteCount = (512 << 30) - 0x1080 + 1
        },
    ]

    static let entry: [Row] = [
        .loads("an entry at the last byte of code") { $0.entry = 0x10027f },
        .refused("an entry past the code", .segment(.entryNotExecutable(0x100280))) {
            $0.entry = 0x100280
        },
        .refused("an entry before the code", .segment(.entryNotExecutable(0x1001ff))) {
            $0.entry = 0x1001ff
        },
        .refused("an entry at the first zero past the code", .segment(.entryInZeroes(0x10027f))) {
            kernel in
            kernel.entry = 0x10027f
            kernel.segments[0].fileByteCount = 0x7f
        },
        .refused("an entry in data", .segment(.entryNotExecutable(0x101280))) {
            $0.entry = 0x101280
        },
    ]
}
