/// A flattened device tree (Devicetree Specification 0.4, chapter 5).
///
/// The tree may be damaged: bytes outside of it read as zero, and a search ends where the structure
/// is malformed.
struct DeviceTree {
    private enum Token {
        static let beginNode: UInt32 = 1
        static let endNode: UInt32 = 2
        static let property: UInt32 = 3
        static let nothing: UInt32 = 4
    }

    private static let headerByteCount: UInt64 = 40
    /// The first version that states the structure block's length.
    private static let version: UInt32 = 17
    /// No kernel gets a longer one.
    private static let largestByteCount: UInt64 = 2 << 20

    private let memory: PhysicalMemory
    private let structure: Range<UInt64>
    private let strings: Range<UInt64>

    /// The tree at an address; nil if there is none.
    init?(at address: PhysicalAddress) {
        let header = PhysicalMemory(address, byteCount: Self.headerByteCount)
        func block(_ offset: UInt32, byteCount: UInt32) -> Range<UInt64> {
            UInt64(offset)..<UInt64(offset) + UInt64(byteCount)
        }
        guard header.bigEndianWord(at: 0) == 0xD00D_FEED,
            header.bigEndianWord(at: 20) >= Self.version,
            header.bigEndianWord(at: 24) <= Self.version
        else { return nil }
        let byteCount = UInt64(header.bigEndianWord(at: 4))
        strings = block(header.bigEndianWord(at: 12), byteCount: header.bigEndianWord(at: 32))
        structure = block(header.bigEndianWord(at: 8), byteCount: header.bigEndianWord(at: 36))
        guard byteCount <= Self.largestByteCount, strings.upperBound <= byteCount,
            structure.upperBound <= byteCount
        else { return nil }
        memory = PhysicalMemory(address, byteCount: byteCount)
    }

    /// The first address in `reg` of the first enabled node that is compatible with `name`.
    ///
    /// Only the root's own children count, and only with 64-bit addresses: a node further down has
    /// the addresses of its bus (sections 2.3.6 and 2.3.8), which the processor cannot use.
    func firstRegister(compatibleWith name: Text) -> PhysicalAddress? {
        var offset = structure.lowerBound
        var depth = 0
        var (isCompatible, isEnabled, register) = (false, true, UInt64?.none)
        while offset < structure.upperBound {
            let token = word(offset)
            offset += 4
            switch token {
            case Token.beginNode, Token.endNode:
                if depth == 2, isCompatible, isEnabled, let register {
                    return PhysicalAddress(register)
                }
                depth += token == Token.beginNode ? 1 : -1
                guard depth > 0 else { return nil }
                guard token == Token.beginNode else { continue }
                if depth == 2 { (isCompatible, isEnabled, register) = (false, true, nil) }
                while byte(offset) != 0 { offset += 1 }
                offset = (offset + 4) & ~3
            case Token.property:
                let byteCount = UInt64(word(offset))
                let property = strings.lowerBound + UInt64(word(offset + 4))
                offset += 8
                let value = offset..<offset + byteCount
                offset = (value.upperBound + 3) & ~3
                guard value.upperBound <= structure.upperBound else { return nil }
                if depth == 1, memory.holds("#address-cells", at: property),
                    word(value.lowerBound) != 2
                {
                    return nil
                }
                guard depth == 2 else { continue }
                if memory.holds("compatible", at: property) {
                    isCompatible = list(value, holds: name)
                } else if memory.holds("status", at: property) {
                    isEnabled = memory.holds("okay", at: value.lowerBound)
                } else if memory.holds("reg", at: property), byteCount >= 8 {
                    register =
                        UInt64(word(value.lowerBound)) << 32 | UInt64(word(value.lowerBound + 4))
                }
            case Token.nothing: continue
            default: return nil
            }
        }
        return nil
    }

    /// Whether `name` is in a list of zero-terminated strings.
    private func list(_ range: Range<UInt64>, holds name: Text) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound {
            if memory.holds(name, at: offset) { return true }
            while offset < range.upperBound, byte(offset) != 0 { offset += 1 }
            offset += 1
        }
        return false
    }

    private func byte(_ offset: UInt64) -> UInt8 { offset < memory.byteCount ? memory[offset] : 0 }

    private func word(_ offset: UInt64) -> UInt32 { memory.bigEndianWord(at: offset) }
}

extension PhysicalMemory {
    /// The big-endian number at an offset, 0 unless all of it is inside.
    fileprivate func bigEndianWord(at offset: UInt64) -> UInt32 {
        guard offset + 4 <= byteCount else { return 0 }
        return UInt32(bigEndian: load(UInt32.self, at: offset))
    }
}
