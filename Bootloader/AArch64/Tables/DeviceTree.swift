/// A flattened device tree (Devicetree Specification 0.4, chapter 5).
///
/// It may be damaged: what lies outside of it reads as zero, and a search ends where it is not
/// well-formed.
struct DeviceTree {
    private enum Token {
        static let beginNode: UInt32 = 1
        static let endNode: UInt32 = 2
        static let property: UInt32 = 3
        static let nothing: UInt32 = 4
    }

    /// Version 17's, the first that tells the structure block's length.
    private static let headerByteCount = 40
    private static let version: UInt32 = 17
    /// None that a kernel is given is longer.
    private static let largestByteCount = 2 << 20

    private let bytes: UnsafeRawBufferPointer
    private let structure: Range<Int>
    private let strings: Range<Int>

    /// The tree at an address; nil where there is none.
    init?(at address: UInt64) {
        guard let start = UnsafeRawPointer(bitPattern: UInt(address)) else { return nil }
        let header = UnsafeRawBufferPointer(start: start, count: Self.headerByteCount)
        func block(at offset: UInt32, byteCount: UInt32) -> Range<Int> {
            Int(offset)..<Int(offset) + Int(byteCount)
        }
        guard header.word(at: 0) == 0xD00D_FEED, header.word(at: 20) >= Self.version,
            header.word(at: 24) <= Self.version
        else { return nil }
        let byteCount = Int(header.word(at: 4))
        strings = block(at: header.word(at: 12), byteCount: header.word(at: 32))
        structure = block(at: header.word(at: 8), byteCount: header.word(at: 36))
        guard byteCount <= Self.largestByteCount, strings.upperBound <= byteCount,
            structure.upperBound <= byteCount
        else { return nil }
        bytes = UnsafeRawBufferPointer(start: start, count: byteCount)
    }

    /// The first address in `reg` of the first node that is compatible with `name` and not
    /// disabled.
    ///
    /// Only the root's own children count, with addresses of 64 bits: what lies on a bus further
    /// down has that bus's addresses (sections 2.3.6 and 2.3.8), which are not the processor's.
    func firstRegister(compatibleWith name: StaticString) -> UInt64? {
        var offset = structure.lowerBound
        var depth = 0
        var (isCompatible, isEnabled, register) = (false, true, UInt64?.none)
        while offset < structure.upperBound {
            let token = word(offset)
            offset += 4
            switch token {
            case Token.beginNode, Token.endNode:
                if depth == 2, isCompatible, isEnabled, let register { return register }
                depth += token == Token.beginNode ? 1 : -1
                guard depth > 0 else { return nil }
                guard token == Token.beginNode else { continue }
                if depth == 2 { (isCompatible, isEnabled, register) = (false, true, nil) }
                while byte(offset) != 0 { offset += 1 }
                offset = (offset + 4) & ~3
            case Token.property:
                let byteCount = Int(word(offset))
                let property = strings.lowerBound + Int(word(offset + 4))
                offset += 8
                let value = offset..<offset + byteCount
                offset = (value.upperBound + 3) & ~3
                guard value.upperBound <= structure.upperBound else { return nil }
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

    private func byte(_ offset: Int) -> UInt8 { bytes.indices.contains(offset) ? bytes[offset] : 0 }

    private func word(_ offset: Int) -> UInt32 { bytes.word(at: offset) }
}

extension UnsafeRawBufferPointer {
    /// The number at an offset, 0 where it is not all inside.
    fileprivate func word(at offset: Int) -> UInt32 {
        guard offset + 4 <= count else { return 0 }
        return UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}
