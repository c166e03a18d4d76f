import Foundation
import SystemPackage
import TestSupport

/// The device tree of QEMU's machine `virt`, with one more node (Devicetree Specification 0.4,
/// chapter 5).
struct VirtDeviceTree {
    enum Token {
        static let beginNode: UInt32 = 1
        static let endNode: UInt32 = 2
        static let property: UInt32 = 3
    }

    /// A PL011 as boards have them that it must not be taken from.
    enum ForeignPort: CaseIterable, Sendable {
        /// Below a bus whose addresses have 32 bits and are not the processor's.
        case onBus
        /// With a 64-bit address of its own, and disabled.
        case disabled
    }

    /// What a loader must not trust.
    enum Damage: CaseIterable, Sendable {
        case shorterThanItsBlocks
        case structureOutside
        case structureWithoutEnd
        case stringsOutside
        case ofOldVersion
        case nameWithoutEnd
        case propertyWithoutEnd
        case nodeEndsFirst
        case portIsMemory
        case portIsNowhere
        case portIsUnaligned
    }

    private var structure: Data
    private var strings: Data
    private let reservations: Data

    init(machine: String, in folder: FilePath) async throws {
        let file = folder.appending("virt.dtb").string
        try await Tool(name: "qemu-system-aarch64").succeed([
            "-machine", "virt,\(machine),dumpdtb=\(file)", "-cpu", "cortex-a72", "-m", "256M",
            "-display", "none",
        ])
        let tree = try Data(contentsOf: URL(filePath: file))
        func field(_ index: Int) -> Int {
            tree[index * 4..<index * 4 + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        structure = tree.subdata(in: field(2)..<field(2) + field(9))
        strings = tree.subdata(in: field(3)..<field(3) + field(8))
        reservations = tree.subdata(in: field(4)..<field(4) + 16)
    }

    /// Puts such a node before all others.
    mutating func insert(_ port: ForeignPort) {
        let compatible = property("compatible", Data("arm,pl011\0arm,primecell\0".utf8))
        let node: Data
        switch port {
        case .onBus:
            let serial = compatible + property("reg", words(0x7e20_1000, 0x200))
            node = self.node(
                "soc",
                property("#address-cells", words(1)) + property("#size-cells", words(1))
                    + self.node("serial@7e201000", serial))
        case .disabled:
            node = self.node(
                "pl011@50000000",
                compatible + property("reg", words(0, 0x5000_0000, 0, 0x1000))
                    + property("status", Data("disabled\0".utf8)))
        }
        insert(node)
    }

    /// Puts a 16550 at 0x3eff1000 behind a bus that has it at 0x7e001000, `serial7` for short, and
    /// names the console.
    mutating func insert16550(output: String) {
        let path = "/soc/serial@7e001000"
        let serial =
            property("compatible", Data("ns16550a\0".utf8))
            + property("reg", words(0x7e00_1000, 0x100))
        let bus =
            property("#address-cells", words(1)) + property("#size-cells", words(1))
            + property("ranges", words(0x7e00_0000, 0, 0x3eff_0000, 0x1_0000))
        insert(node("soc", bus + node("serial@7e001000", serial)))
        insert(node("aliases", property("serial7", Data("\(path)\0".utf8))))
        insert(node("chosen", property("stdout-path", Data("\(output)\0".utf8))))
    }

    /// Puts a node before the root's others.
    private mutating func insert(_ node: Data) {
        // The root's own name is empty: its token and four bytes. Before its children are its
        // properties.
        var offset = 8
        while word(at: offset) == Token.property {
            offset += 12 + (Int(word(at: offset + 4)) + 3) & ~3
        }
        structure.insert(contentsOf: node, at: offset)
    }

    /// The tree with a serial port behind the damage, as a file holds it.
    func damaged(by damage: Damage) -> Data {
        var tree = self
        var fields: [Int: UInt32] = [:]
        switch damage {
        case .shorterThanItsBlocks: fields = [1: 64]
        case .structureOutside: fields = [2: 0xFFFF_FFF0]
        case .structureWithoutEnd: fields = [9: .max]
        case .stringsOutside: fields = [3: 0xFFFF_FFF0]
        case .ofOldVersion: fields = [5: 16, 9: 0]
        case .nameWithoutEnd:
            tree.structure = words(Token.beginNode) + Data(repeating: 0x61, count: 64)
            tree.strings = Data(repeating: 0x61, count: 64)
        case .propertyWithoutEnd: tree.insert(words(Token.property, 0xFFFF_FFF0, 0))
        case .nodeEndsFirst: tree.structure = words(Token.endNode, Token.endNode) + structure
        case .portIsMemory: tree.insertPort(at: 0x4000_0000)
        case .portIsNowhere: tree.insertPort(at: 0xFFFF_FFFF_FFFF_F000)
        case .portIsUnaligned: tree.insertPort(at: 0x0900_0001)
        }
        var bytes = tree.bytes
        for (index, value) in fields {
            bytes.replaceSubrange(index * 4..<index * 4 + 4, with: words(value))
        }
        return bytes
    }

    private mutating func insertPort(at address: UInt64) {
        let high = UInt32(truncatingIfNeeded: address >> 32)
        let reg = words(high, UInt32(truncatingIfNeeded: address), 0, 0x1000)
        insert(
            node(
                "pl011@0",
                property("compatible", Data("arm,pl011\0".utf8)) + property("reg", reg)))
        insert(node("chosen", property("stdout-path", Data("/pl011@0\0".utf8))))
    }

    /// The tree as a file holds it.
    var bytes: Data {
        let headerByteCount = 40
        let structureOffset = headerByteCount + reservations.count
        let stringsOffset = structureOffset + structure.count
        let header = [
            0xD00D_FEED, stringsOffset + strings.count, structureOffset, stringsOffset,
            headerByteCount, 17, 16, 0, strings.count, structure.count,
        ]
        return header.reduce(Data()) { $0 + words(UInt32($1)) } + reservations + structure + strings
    }

    private func word(at offset: Int) -> UInt32 {
        structure[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }

    private func words(_ values: UInt32...) -> Data {
        values.reduce(into: Data()) { data, value in
            withUnsafeBytes(of: value.bigEndian) { data.append(contentsOf: $0) }
        }
    }

    private func padded(_ data: Data) -> Data { data + Data(count: -data.count & 3) }

    private func node(_ name: String, _ content: Data) -> Data {
        words(Token.beginNode) + padded(Data("\(name)\0".utf8)) + content + words(Token.endNode)
    }

    private mutating func property(_ name: String, _ value: Data) -> Data {
        let offset = strings.count
        strings.append(Data("\(name)\0".utf8))
        return words(Token.property, UInt32(value.count), UInt32(offset)) + padded(value)
    }
}
