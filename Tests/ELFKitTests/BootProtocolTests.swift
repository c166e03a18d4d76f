import ELFKit
import ELFVerdict
import TestSupport
import Testing

@testable import ELFSamples

@Suite("Boot protocols that a kernel asks for")
struct BootProtocolTests {
    /// A kernel that asks for a protocol at that offset, or for none.
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var kind: ProtocolEvidence.Kind?
        var offset: UInt64 = 0
        let change: @Sendable (inout ELFBuilder) -> Void

        init(
            _ description: String, _ kind: ProtocolEvidence.Kind? = nil, at offset: UInt64 = 0,
            _ change: @escaping @Sendable (inout ELFBuilder) -> Void
        ) {
            (testDescription, self.kind, self.offset) = (description, kind, offset)
            self.change = change
        }
    }

    private static let multiboot: [UInt32] = [0x1bad_b002, 3, 0xe452_4ffb]
    private static let multiboot2: [UInt32] = [0xe852_50d6, 0, 24, 0x17ad_af12]
    private static let limine: [UInt32] = [0xdf4c_8b88, 0xc7b1_dd30, 0xa194_f07b, 0x0a82_e883]
    /// The last 8 bytes of the data that are read with its start.
    private static let blockEnd: UInt64 = 0x280 + (32 << 10) - 8

    static let rows = [
        Row("Multiboot", .multiboot, at: 0x204) { $0.add(multiboot, at: 0x204) },
        Row("Multiboot, not aligned") { $0.add(multiboot, at: 0x206) },
        Row("Multiboot, with another checksum") { $0.add(multiboot.dropLast() + [0], at: 0x204) },
        Row("Multiboot2", .multiboot2, at: 0x208) { $0.add(multiboot2, at: 0x208) },
        Row("Multiboot2, not aligned") { $0.add(multiboot2, at: 0x20c) },
        Row("Multiboot2, with another checksum") { $0.add(multiboot2.dropLast() + [0], at: 0x208) },
        Row("Multiboot2 at the end of 32 KiB", .multiboot2, at: 0x7ff0) { kernel in
            kernel.extendData(with: [UInt8](repeating: 0, count: 0x8000))
            kernel.add(multiboot2, at: 0x7ff0)
        },
        Row("Multiboot2 past 32 KiB") { kernel in
            kernel.extendData(with: [UInt8](repeating: 0, count: 0x8000))
            kernel.add(multiboot2, at: 0x7ff8)
        },
        Row("Limine in data", .limine, at: 0x288) { $0.add(limine, at: 0x288) },
        Row("Limine in code", .limine, at: 0x240) { $0.add(limine, at: 0x240) },
        Row("Limine at the end", .limine, at: 0x3f0) { $0.add(limine, at: 0x3f0) },
        Row("Limine in two reads", .limine, at: blockEnd) { kernel in
            kernel.extendData(with: [UInt8](repeating: 0, count: 64 << 10))
            kernel.add(limine, at: Int(blockEnd))
        },
        Row("Limine, not aligned") { $0.add(limine, at: 0x284) },
        Row("Limine, half of it") { $0.add(Array(limine.prefix(2)), at: 0x288) },
        Row("stivale2", .stivale2, at: 0x280) { $0.addSection(".stivale2hdr") },
        Row("a longer section name") { $0.addSection(".stivale2hdr2") },
        Row("Xen", .xen, at: 0x380) { $0.addNote("Xen", type: 6, [0]) },
        Row("PVH", .pvh, at: 0x380) { $0.addNote("Xen", type: 18, [0x10_0000]) },
        Row("a note of another owner") { $0.addNote("Xenon", type: 18, [0]) },
        Row("a note past its segment") { kernel in
            kernel.addNote("Xen", type: 18, [0])
            kernel.add([.max], at: 0x384)
        },
    ]

    @Test(arguments: rows)
    func `what a kernel asks for is found`(_ row: Row) throws {
        var kernel = ELFBuilder()
        row.change(&kernel)
        let protocols = try inspect(kernel.bytes()).protocols
        let found = protocols.evidence.first { $0.kind != .bootloader }
        #expect(found?.kind == row.kind)
        #expect(found?.offset ?? 0 == row.offset)
    }

    /// A kernel, and the protocol by which the loader starts it.
    struct Selection: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let selected: BootProtocol
        let change: @Sendable (inout ELFBuilder) -> Void

        init(
            _ description: String, _ selected: BootProtocol,
            _ change: @escaping @Sendable (inout ELFBuilder) -> Void
        ) {
            (testDescription, self.selected, self.change) = (description, selected, change)
        }
    }

    static let selections = [
        Selection("nothing", .plain) { _ in },
        Selection("Multiboot", .multiboot) { $0.addMultiboot() },
        Selection("both versions of Multiboot", .multiboot2) { kernel in
            kernel.addMultiboot(at: 0x204)
            kernel.addMultiboot2()
        },
        Selection("a configuration and Multiboot", .bootloader) { kernel in
            kernel.addConfiguration(KernelConfiguration().encoded())
            kernel.addMultiboot()
        },
        Selection("stivale2", .plain) { $0.addSection(".stivale2hdr") },
        Selection("Limine, for AArch64", .limine) { kernel in
            kernel.machine = 183
            kernel.addLimine([Limine.request()])
        },
        Selection("Multiboot, for AArch64", .plain) { kernel in
            kernel.machine = 183
            kernel.addMultiboot()
        },
        Selection("a flat kernel for AArch64", .arm64Image) { $0.makeImage() },
        Selection("a kernel in the RAM of virt", .arm64Image) {
            $0.linkForMemory(at: 0x4008_0200)
        },
        Selection("a configuration, and a place in RAM", .bootloader) { kernel in
            kernel.linkForMemory(at: 0x4008_0200)
            kernel.addConfiguration(KernelConfiguration().encoded())
        },
        Selection("the same for x86-64", .plain) { kernel in
            kernel.linkForMemory(at: 0x4008_0200)
            kernel.machine = 62
        },
    ]

    @Test(arguments: selections)
    func `the loader's first protocol is selected`(_ row: Selection) throws {
        var kernel = ELFBuilder()
        row.change(&kernel)
        #expect(try load(kernel.bytes()).bootProtocol == row.selected)
    }

    @Test func `a protocol that the loader does not speak is a warning`() throws {
        var kernel = ELFBuilder()
        kernel.machine = 183
        kernel.addMultiboot(at: 0x204)
        let findings = try inspect(kernel.bytes()).findings
        #expect(findings.map(\.rule) == [.bootProtocol])
        #expect(
            findings.last?.message
                == "offset 0x204: Multiboot header, but the loader starts the kernel as a plain "
                + "ELF file, by bootimage's contract")
    }

    @Test func `any file for AArch64 starts as Linux does if the caller selects that`() throws {
        var kernel = ELFBuilder()
        kernel.machine = 183
        kernel.segments[0].physicalAddress = 0x4020_0200
        let loaded = try load(kernel.bytes(), as: .arm64Image)
        #expect(loaded.entry == 0x4020_0200)
        #expect(loaded.segments.map(\.virtualAddress) == [0x10_1280, 0x4020_0200])
        let flat = try load([UInt8](repeating: 0, count: 100), as: .arm64Image)
        #expect(flat.segments.map(\.memoryRange) == [0x8_0000..<0x8_0064])
        var old = ELFBuilder()
        old.makeImage(byteCount: 0, flags: 1)
        let bigEndian = #expect(throws: ELFError.self) { try load(old.bytes()) }
        #expect(bigEndian?.problem == .image(.bigEndian(flags: 1)))
        kernel.machine = 62
        let refusal = #expect(throws: ELFError.self) {
            try load(kernel.bytes(), as: .arm64Image)
        }
        #expect(
            refusal?.problem.message
                == "--protocol arm64-image: the loader for x86-64 does not speak it")
    }

    @Test func `flat kernels with any header are read as they say`() throws {
        var random = SplitMix64(state: 18)
        var kernel = ELFBuilder()
        kernel.makeImage()
        for _ in 0..<2000 {
            var bytes = kernel.bytes()
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let index = Int.random(in: 0..<64, using: &random)
                bytes[index] = [0, 1, 0x7f, 0xff].randomElement(using: &random) ?? 0
            }
            let inspection = try inspect(bytes)
            let verdict = ProtocolVerdict(on: bytes)
            #expect(inspection.protocols.selected.rawValue == verdict.selected)
            #expect((try? load(bytes)) == inspection.kernel)
        }
    }

    @Test func `a Multiboot kernel is placed by its physical addresses`() throws {
        var kernel = ELFBuilder()
        kernel.addMultiboot()
        kernel.segments[0].physicalAddress = 0x20_0200
        let loaded = try load(kernel.bytes())
        #expect(loaded.entry == 0x20_0200)
        #expect(loaded.segments.map(\.virtualAddress) == [0x10_1280, 0x20_0200])
    }

    @Test func `a Multiboot kernel need not be an ELF file`() throws {
        var kernel = ELFBuilder()
        kernel.addFlatMultiboot()
        var bytes = kernel.bytes()
        bytes.replaceSubrange(0..<64, with: repeatElement(0x90, count: 64))
        let loaded = try load(bytes)
        #expect(loaded.kind == .flat && loaded.entry == 0x10_0200)
        #expect(loaded.segments.map(\.memoryRange) == [0x10_0000..<0x10_0800])
        #expect(loaded.segments.map(\.fileRange) == [0..<0x400])
    }

    @Test(arguments: [(0x10_0200 as UInt32, true), (0x20_0000, false)])
    func `the entry point for UEFI is in the kernel`(
        _ entry: UInt32, _ isRight: Bool
    ) throws {
        var kernel = ELFBuilder()
        kernel.addMultiboot2([.init(type: 7), .init(type: 9, words: [entry])])
        let rules = try inspect(kernel.bytes()).findings.map(\.rule)
        #expect(rules.contains(.multibootEntry) != isRight)
    }

    @Test func `a Multiboot kernel may be for i386`() throws {
        let loaded = try load(ELF32Builder(words: [0x1bad_b002, 0, 0xe452_4ffe]).bytes)
        #expect(loaded.bootProtocol == .multiboot && loaded.wordSize == .bits32)
        #expect(loaded.entry == 0x10_0080)
        #expect(loaded.segments.map(\.memoryRange) == [0x10_0000..<0x10_0200])
        let error = #expect(throws: ELFError.self) { try load(ELF32Builder(words: []).bytes) }
        #expect(error?.problem == .header(.wordSize(1)))
    }

    @Test func `the entry point that a Limine kernel requests is in code`() throws {
        var kernel = ELFBuilder()
        kernel.addLimine([Limine.request(Limine.entryPoint, [0xffff_ffff_8010_1280])])
        let error = #expect(throws: ELFError.self) { try load(kernel.bytes()) }
        #expect(error?.description.contains("is in no executable segment") == true)
        kernel.segments[1].flags |= 1
        #expect(throws: Never.self) { try load(kernel.bytes()) }
    }

    @Test func `the caller can select a protocol`() throws {
        var kernel = ELFBuilder()
        kernel.addMultiboot()
        #expect(try load(kernel.bytes(), as: .plain).bootProtocol == .plain)
        let error = #expect(throws: ELFError.self) { try load(kernel.bytes(), as: .limine) }
        #expect(
            error?.description
                == "kernel: --protocol limine: the file has no Limine request; omit --protocol, "
                + "or see what the file asks for with bootimage inspect [protocol-supported]")
        kernel.machine = 183
        let other = #expect(throws: ELFError.self) { try load(kernel.bytes(), as: .multiboot) }
        #expect(other?.problem == .protocolNotRequested(.multiboot, .aarch64))
    }
}

/// A kernel for i386: a segment of 0x200 bytes at physical address 0x100000 and at a virtual one
/// 0xc0000000 higher, whose first bytes are the headers, and words at 0x100.
private struct ELF32Builder {
    var words: [UInt32]

    var bytes: [UInt8] {
        let base: UInt32 = 0xc010_0000
        var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 1, 1, 1] + [UInt8](repeating: 0, count: 9)
        for half: UInt16 in [2, 3] { file += number(half) }
        for word: UInt32 in [1, base + 0x80, 52, 0, 0] { file += number(word) }
        for half: UInt16 in [52, 32, 1, 40, 0, 0] { file += number(half) }
        for word: UInt32 in [1, 0, base, 0x10_0000, 0x200, 0x200, 5, 0x1000] {
            file += number(word)
        }
        file += [UInt8](repeating: 0, count: 0x200 - file.count)
        file.replace(at: 0x100, with: words.flatMap { number($0) })
        return file
    }
}
