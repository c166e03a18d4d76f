/// A flattened device tree (Devicetree Specification 0.4, chapter 5).
///
/// The tree may be damaged: bytes outside of it read as zero, and a search ends where the structure
/// is malformed.
struct DeviceTree {
    enum Token {
        static let beginNode: UInt32 = 1
        static let endNode: UInt32 = 2
        static let property: UInt32 = 3
        static let nothing: UInt32 = 4
        static let end: UInt32 = 9
    }

    static let headerByteCount: UInt64 = 40
    /// The first version that states the structure block's length.
    static let version: UInt32 = 17
    /// No kernel gets a longer one.
    private static let largestByteCount: UInt64 = 2 << 20

    /// All of the tree.
    let memory: PhysicalMemory
    let structure: Range<UInt64>
    let strings: Range<UInt64>

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
            structure.upperBound <= byteCount, structure.lowerBound % 4 == 0
        else { return nil }
        memory = PhysicalMemory(address, byteCount: byteCount)
    }

    /// The first address in `reg` of the first enabled node that is compatible with `name`.
    ///
    /// Only the root's own children count, and only with 64-bit addresses: a node further down has
    /// the addresses of its bus (sections 2.3.6 and 2.3.8), which the processor cannot use.
    func firstRegister(compatibleWith name: Text) -> PhysicalAddress? {
        var walk = Walk(tree: self)
        while let step = walk.next() {
            guard case .begin = step else { continue }
            if walk.depth == 1, let cells = property("#address-cells", at: walk.offset),
                word(cells.lowerBound) != 2
            {
                return nil
            }
            if walk.depth == 2, isEnabled(at: walk.offset),
                let compatible = property("compatible", at: walk.offset),
                list(compatible, holds: name), let register = register(at: walk.offset, cells: 2)
            {
                return PhysicalAddress(register)
            }
        }
        return nil
    }

    /// Calls `body` with the number of each processor, unless another method than PSCI starts it
    /// (section 3.8).
    func forEachProcessor(_ body: (UInt64) -> Void) {
        var walk = Walk(tree: self)
        var cells: UInt32?
        while let step = walk.next() {
            guard case .begin(let name) = step else { continue }
            if walk.depth == 2 {
                cells =
                    memory.holds("cpus", at: name)
                    ? property("#address-cells", at: walk.offset).map { word($0.lowerBound) } ?? 2
                    : nil
            }
            guard walk.depth == 3, let cells, isEnabled(at: walk.offset),
                let kind = property("device_type", at: walk.offset),
                memory.holds("cpu", at: kind.lowerBound),
                let register = register(at: walk.offset, cells: cells)
            else { continue }
            // A machine with a single processor does not say how to start it.
            if let method = property("enable-method", at: walk.offset),
                !memory.holds("psci", at: method.lowerBound)
            {
                continue
            }
            body(register)
        }
    }

    /// Turns the nodes that describe memory into nothing.
    func removeMemory() {
        var walk = Walk(tree: self)
        var start: UInt64?
        while let step = walk.next() {
            switch step {
            case .begin(let name) where walk.depth == 2:
                let isMemory = memory.holds("memory@", at: name, isPrefix: true)
                start = isMemory ? name - 4 : nil
            case .end where walk.depth == 1:
                guard let first = start else { continue }
                for offset in stride(from: first, to: walk.offset, by: 4) {
                    memory.store(Token.nothing.bigEndian, at: offset)
                }
                start = nil
            default: continue
            }
        }
    }

    /// A way through the structure block, token by token.
    struct Walk {
        enum Step {
            case begin(name: UInt64)
            case end
            case property(name: UInt64, value: Range<UInt64>)
        }

        let tree: DeviceTree
        /// Behind the last step.
        private(set) var offset: UInt64
        /// How many nodes are open.
        private(set) var depth = 0
        /// Whether the first node has ended, rather than something malformed.
        private(set) var isAtEnd = false

        init(tree: DeviceTree, from offset: UInt64? = nil) {
            self.tree = tree
            self.offset = offset ?? tree.structure.lowerBound
        }

        /// The next step; nil at the end of the first node.
        @inline(never)
        mutating func next() -> Step? {
            while offset < tree.structure.upperBound {
                let token = tree.word(offset)
                offset += 4
                switch token {
                case Token.beginNode:
                    let name = offset
                    while tree.byte(offset) != 0 { offset += 1 }
                    offset = (offset + 4) & ~3
                    depth += 1
                    return .begin(name: name)
                case Token.endNode:
                    depth -= 1
                    isAtEnd = depth == 0
                    return depth > 0 ? .end : nil
                case Token.property:
                    let start = offset + 8
                    let value = start..<start + UInt64(tree.word(offset))
                    let name = tree.strings.lowerBound + UInt64(tree.word(offset + 4))
                    guard value.upperBound <= tree.structure.upperBound else { return nil }
                    offset = (value.upperBound + 3) & ~3
                    return .property(name: name, value: value)
                case Token.nothing: continue
                default: return nil
                }
            }
            return nil
        }
    }

    /// A property of the node whose properties start at an offset.
    @inline(never)
    func property(_ name: Text, at offset: UInt64) -> Range<UInt64>? {
        var walk = Walk(tree: self, from: offset)
        while case .property(let key, let value)? = walk.next() {
            if memory.holds(name, at: key) { return value }
        }
        return nil
    }

    func isEnabled(at offset: UInt64) -> Bool {
        guard let status = property("status", at: offset) else { return true }
        return memory.holds("okay", at: status.lowerBound)
    }

    /// The first number in `reg`, of one or two cells.
    func register(at offset: UInt64, cells: UInt32) -> UInt64? {
        guard let value = property("reg", at: offset), cells == 1 || cells == 2,
            value.upperBound - value.lowerBound >= 4 * UInt64(cells)
        else {
            return nil
        }
        let first = UInt64(word(value.lowerBound))
        return cells == 1 ? first : first << 32 | UInt64(word(value.lowerBound + 4))
    }

    /// Whether `name` is in a list of zero-terminated strings.
    func list(_ range: Range<UInt64>, holds name: Text) -> Bool {
        var offset = range.lowerBound
        while offset < range.upperBound {
            if memory.holds(name, at: offset) { return true }
            while offset < range.upperBound, byte(offset) != 0 { offset += 1 }
            offset += 1
        }
        return false
    }

    func byte(_ offset: UInt64) -> UInt8 { offset < memory.byteCount ? memory[offset] : 0 }

    func word(_ offset: UInt64) -> UInt32 { memory.bigEndianWord(at: offset) }
}

extension PhysicalMemory {
    /// The big-endian number at an offset, 0 unless all of it is inside.
    fileprivate func bigEndianWord(at offset: UInt64) -> UInt32 {
        guard offset + 4 <= byteCount else { return 0 }
        return UInt32(bigEndian: load(UInt32.self, at: offset))
    }
}
