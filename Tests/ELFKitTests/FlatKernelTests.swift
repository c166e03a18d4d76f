import SystemPackage
import TestSupport
import Testing

@testable import ELFKit
@testable import ELFSamples

/// The rules of kernels that a board's firmware loads as a flat file, at their boundaries.
struct FlatKernelTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let sentence: String
        let problem: ELFError.Problem?
        let change: @Sendable (inout ELFBuilder) -> Void

        var testDescription: String { sentence }

        init(
            _ sentence: String, _ problem: ELFError.Problem? = nil,
            _ change: @escaping @Sendable (inout ELFBuilder) -> Void = { _ in }
        ) {
            (self.sentence, self.problem, self.change) = (sentence, problem, change)
        }
    }

    /// 0x80 bytes of code at 0x80000, and 0x180 bytes of data and 0x100 of .bss at 0x81000.
    private static func builder() -> ELFBuilder {
        var kernel = ELFBuilder()
        (kernel.machine, kernel.entry) = (183, 0x8_0000)
        for (index, address) in [0x8_0000, 0x8_1000].enumerated() {
            kernel.segments[index].address = UInt64(address)
            kernel.segments[index].alignment = 1
        }
        return kernel
    }

    private static func load(
        _ change: (inout ELFBuilder) -> Void = { _ in }
    ) throws -> FlatKernel {
        var kernel = builder()
        change(&kernel)
        return try withTemporaryFile(kernel.bytes()) { path in
            let file = try FileDescriptor.open(path, .readOnly)
            return try file.closeAfter { try FlatKernel.load(from: file, named: "kernel") }
        }
    }

    /// Adds an `Image` header with these fields.
    private static func addHeader(
        _ kernel: inout ELFBuilder, textOffset: UInt64, imageSize: UInt64
    ) {
        kernel.contents += [
            (0x208, number(textOffset)), (0x210, number(imageSize)),
            (0x238, Array("ARM\u{64}".utf8)),
        ]
    }

    private static let first = SegmentID(.load, 0)
    private static let second = SegmentID(.load, 1)

    static let cases: [Case] = [
        Case("a kernel at 0x80000"),
        Case("x86-64", .flat(.architecture(.x86_64, .bits64))) { $0.machine = 62 },
        Case("a position-independent kernel", .flat(.positionIndependent)) { $0.type = 3 },
        Case("one with a header") { kernel in
            kernel.type = 3
            addHeader(&kernel, textOffset: 0x8_0000, imageSize: 0x1280)
        },
        Case("another address", .flat(.address(first, 0x8_0001, allowed: 0x8_0000))) { kernel in
            kernel.segments[0].address = 0x8_0001
            kernel.entry = 0x8_0001
        },
        Case("a virtual address, and 0x80000 as the physical one") { kernel in
            kernel.segments[0].address = 0xFFFF_0000_0008_0000
            kernel.segments[0].physicalAddress = 0x8_0000
            kernel.entry = 0xFFFF_0000_0008_0000
        },
        Case("a virtual address, and a physical entry point") { kernel in
            kernel.segments[0].address = 0xFFFF_0000_0008_0000
            kernel.segments[0].physicalAddress = 0x8_0000
        },
        Case("another physical address", .flat(.address(first, 0x7_0000, allowed: 0x8_0000))) {
            $0.segments[0].physicalAddress = 0x7_0000
        },
        Case(
            "an entry point behind the first byte",
            .flat(.entry(0x8_0004, physical: 0x8_0004, allowed: 0x8_0000))
        ) { $0.entry = 0x8_0004 },
        Case(
            "an entry point in no segment", .flat(.entry(0x100, physical: nil, allowed: 0x8_0000))
        ) { $0.entry = 0x100 },
        Case("segments without order") { $0.segments.swapAt(0, 1) },
        Case("a lower segment without bytes") { kernel in
            kernel.segments[1].address = 0x1000
            kernel.segments[1].fileByteCount = 0
        },
        Case("nothing but zeroes", .segment(.nothingToLoad)) { kernel in
            for index in kernel.segments.indices { kernel.segments[index].fileByteCount = 0 }
        },
        Case(
            "segments that overlap", .segment(.overlap(first, second, address: 0x8_007F))
        ) { $0.segments[1].address = 0x8_007F },
        Case("16 MiB of zeroes") { $0.segments[1].address = 0x8_0080 + 16 << 20 },
        Case("one more", .flat(.gaps(byteCount: 16 << 20 + 1, limit: 16 << 20))) {
            $0.segments[1].address = 0x8_0081 + 16 << 20
        },
        Case("memory up to the devices") {
            $0.segments[1].memoryByteCount = 0x3F00_0000 - 0x8_1000
        },
        Case(
            "memory beyond them",
            .flat(
                .memory(
                    second, address: 0x8_1000, byteCount: 0x3F00_0001 - 0x8_1000,
                    limit: 0x3F00_0000))
        ) { $0.segments[1].memoryByteCount = 0x3F00_0001 - 0x8_1000 },
        Case(
            "memory beyond 64 bits",
            .flat(.memory(second, address: .max, byteCount: 0x280, limit: .max))
        ) { $0.segments[1].physicalAddress = .max },
        Case("a header at its text_offset") { kernel in
            move(&kernel, to: 0x20_0000)
            addHeader(&kernel, textOffset: 0, imageSize: 0x1280)
        },
        Case("a header in the upper half") { kernel in
            move(&kernel, to: 0xFFFF_FFC0_1020_0000)
            addHeader(&kernel, textOffset: 0, imageSize: 0x1280)
        },
        Case(
            "a header elsewhere",
            .flat(.imageAddress(first, 0x20_1000, textOffset: 0))
        ) { kernel in
            move(&kernel, to: 0x20_1000)
            addHeader(&kernel, textOffset: 0, imageSize: 0x1280)
        },
        Case("an old header") { addHeader(&$0, textOffset: 0, imageSize: 0) },
        Case("a header with too little memory", .flat(.imageSize(0x127F, needed: 0x1280))) {
            addHeader(&$0, textOffset: 0x8_0000, imageSize: 0x127F)
        },
    ]

    private static func move(_ kernel: inout ELFBuilder, to address: UInt64) {
        kernel.segments[0].address = address
        kernel.segments[1].address = address + 0x1000
        kernel.entry = address
    }

    @Test(arguments: cases)
    func `a kernel is flattened or refused`(_ row: Case) throws {
        do {
            let kernel = try Self.load(row.change)
            #expect(row.problem == nil)
            #expect(
                kernel.byteCount
                    == kernel.pieces.reduce(UInt64(0)) { sum, piece in
                        switch piece {
                        case .bytes(let bytes): sum + UInt64(bytes.count)
                        case .source(let range): sum + UInt64(range.count)
                        }
                    })
        } catch let error as ELFError {
            #expect(row.problem.map { ELFError(file: "kernel", problem: $0) } == error)
            #expect(error.isOneLine)
        }
    }

    @Test func `the file has the bytes of the segments, and zeroes between them`() throws {
        let kernel = try Self.load()
        #expect(kernel.loadAddress == 0x8_0000)
        #expect(kernel.byteCount == 0x1180)
        #expect(kernel.memoryByteCount == 0x1280)
        #expect(
            kernel.pieces == [
                .source(0x200..<0x280), .bytes([UInt8](repeating: 0, count: 0xF80)),
                .source(0x280..<0x400),
            ])
    }

    /// Whatever the headers say, the flat file has no more bytes than the kernel's and the gaps'.
    @Test func `a mutated kernel is refused, or as long as its pieces`() throws {
        var random = SplitMix64(state: 3)
        var loaded = 0
        for _ in 0..<4000 {
            var kernel = Self.builder()
            if random.next() % 2 == 0 {
                Self.addHeader(&kernel, textOffset: 0x8_0000, imageSize: 0x1280)
            }
            var bytes = kernel.bytes()
            for _ in 0...random.next() % 2 {
                // A field of the ELF header, of a program header or of the `Image` header.
                let offset = [Int(random.next() % 176), 0x208 + Int(random.next() % 16)]
                let near = UInt64(bytes[offset[0]]) &+ random.next() % 5 &- 2
                let values = [0, 1, near, 0x7FFF_FFFF, 0x8_0000, .max, .max - 0xFFF, 1 << 63]
                let value = values[Int(random.next() % 8)]
                let width = [1, 2, 4, 8][Int(random.next() % 4)]
                bytes.replace(
                    at: UInt64(offset[Int(random.next() % 2)]),
                    with: Array(number(value).prefix(width)))
            }
            do {
                let kernel = try withTemporaryFile(bytes) { path in
                    let file = try FileDescriptor.open(path, .readOnly)
                    return try file.closeAfter {
                        try FlatKernel.load(from: file, named: "kernel")
                    }
                }
                loaded += 1
                #expect(kernel.byteCount <= UInt64(bytes.count) + 16 << 20)
                #expect(kernel.byteCount <= kernel.memoryByteCount)
            } catch let error as ELFError {
                #expect(error.isOneLine)
            }
        }
        #expect(loaded > 400 && loaded < 3600)
    }

    @Test func `every rule is broken by a kernel`() {
        let broken = Set(Self.cases.compactMap { $0.problem?.rule.rawValue })
        let rules = ELFRule.allCases.map(\.rawValue).filter { $0.hasPrefix("flat-") }
        #expect(rules.count == 8 && broken.isSuperset(of: rules))
    }
}
