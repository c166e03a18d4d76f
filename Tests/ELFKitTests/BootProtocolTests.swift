import ELFKit
import Testing

@testable import ELFSamples

@Suite("Boot protocols that a kernel asks for")
struct BootProtocolTests {
    /// A kernel that asks for a protocol at that offset, or for none.
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var kind: BootProtocol.Kind?
        var offset: UInt64 = 0
        let change: @Sendable (inout ELFBuilder) -> Void

        init(
            _ description: String, _ kind: BootProtocol.Kind? = nil, at offset: UInt64 = 0,
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
        Row("Multiboot beside a configuration") { kernel in
            kernel.addConfiguration(KernelConfiguration().encoded())
            kernel.add(multiboot, at: 0x204)
        },
    ]

    @Test(arguments: rows)
    func `a kernel without a configuration loads with a warning`(_ row: Row) throws {
        var kernel = ELFBuilder()
        row.change(&kernel)
        let found = try load(kernel.bytes()).warnings.compactMap { warning in
            if case .foreignProtocol(let found) = warning { found } else { nil }
        }
        #expect(found.map(\.kind) == [row.kind].compactMap(\.self))
        #expect(found.first?.offset ?? 0 == row.offset)
    }

    @Test func `a 32-bit kernel is refused with its protocol`() throws {
        var kernel = ELFBuilder()
        kernel.identification[4] = 1
        kernel.add(Self.multiboot, at: 0x204)
        let findings = try inspect(kernel.bytes()).findings
        #expect(findings.map(\.rule) == [.elfClass, .bootProtocol])
        #expect(
            findings.last?.message
                == "offset 0x204: Multiboot header, but the loader starts kernels as plain ELF "
                + "files, by bootimage's contract")
    }
}

extension ELFBuilder {
    fileprivate mutating func add(_ words: [UInt32], at offset: Int) {
        contents.append((offset, words.flatMap { number($0) }))
    }

    /// Adds a section for the data.
    fileprivate mutating func addSection(_ name: String) {
        addConfiguration([])
        contents.append((0x620, Array(name.utf8) + [0]))
        sections[1] = Section(name: 0x20, offset: 0x280, byteCount: 0x80)
        sections[2].byteCount = 0x40
    }
}
