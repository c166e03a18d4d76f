/// A flattened device tree (Devicetree Specification 0.4, chapter 5).
struct DeviceTree {
    private enum Token {
        static let beginNode: UInt32 = 1
        static let endNode: UInt32 = 2
        static let property: UInt32 = 3
        static let nothing: UInt32 = 4
    }

    private let start: UnsafeRawPointer
    private let structure: Int
    private let strings: Int
    private let end: Int

    /// The tree at an address; nil where there is none.
    init?(at address: UInt64) {
        start = UnsafeRawPointer(address.pointer)
        func field(_ offset: Int) -> Int {
            Int(
                UInt32(
                    bigEndian: UnsafeRawPointer(address.pointer)
                        .loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard field(0) == 0xD00D_FEED else { return nil }
        structure = field(8)
        strings = field(12)
        end = structure + field(36)
    }

    /// The first address in `reg` of the first node that is compatible with `name` and not
    /// disabled.
    ///
    /// Only the root's own children count, with addresses of 64 bits: what lies on a bus further
    /// down has that bus's addresses (sections 2.3.6 and 2.3.8), which are not the processor's.
    func firstRegister(compatibleWith name: StaticString) -> UInt64? {
        var offset = structure
        var depth = 0
        var (isCompatible, isEnabled, register) = (false, true, UInt64?.none)
        while offset < end {
            let token = word(offset)
            offset += 4
            switch token {
            case Token.beginNode, Token.endNode:
                if depth == 2, isCompatible, isEnabled, let register { return register }
                depth += token == Token.beginNode ? 1 : -1
                guard token == Token.beginNode else { continue }
                if depth == 2 { (isCompatible, isEnabled, register) = (false, true, nil) }
                while byte(offset) != 0 { offset += 1 }
                offset = (offset + 4) & ~3
            case Token.property:
                let (byteCount, property) = (Int(word(offset)), strings + Int(word(offset + 4)))
                offset += 8
                let value = offset..<offset + byteCount
                offset = (value.upperBound + 3) & ~3
                if depth == 1, holds("#address-cells", at: property), word(value.lowerBound) != 2 {
                    return nil
                }
                guard depth == 2 else { continue }
                if holds("compatible", at: property) {
                    isCompatible = list(value, holds: name)
                } else if holds("status", at: property) {
                    isEnabled = holds("okay", at: value.lowerBound)
                } else if holds("reg", at: property), byteCount >= 8 {
                    register =
                        UInt64(word(value.lowerBound)) << 32 | UInt64(word(value.lowerBound + 4))
                }
            case Token.nothing: continue
            default: return nil
            }
        }
        return nil
    }

    /// Whether one of a list of zero-terminated texts is `name`.
    private func list(_ range: Range<Int>, holds name: StaticString) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound {
            if holds(name, at: offset) { return true }
            while offset < range.upperBound, byte(offset) != 0 { offset += 1 }
            offset += 1
        }
        return false
    }

    private func holds(_ name: StaticString, at offset: Int) -> Bool {
        name.withUTF8Buffer { expected in
            for index in expected.indices where byte(offset + index) != expected[index] {
                return false
            }
            return byte(offset + expected.count) == 0
        }
    }

    private func byte(_ offset: Int) -> UInt8 { start.load(fromByteOffset: offset, as: UInt8.self) }

    private func word(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
