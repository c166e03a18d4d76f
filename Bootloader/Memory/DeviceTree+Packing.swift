/// What a kernel finds in the node `/chosen` (Devicetree Specification 0.4, section 3.6, and
/// Linux's bindings/chosen.txt).
struct ChosenNode {
    /// Text that a zero byte ends; nil to keep the tree's own.
    var commandLine: PhysicalMemory?
    var ramdisk: Range<PhysicalAddress>?

    init(commandLine: PhysicalMemory? = nil, ramdisk: Range<PhysicalAddress>? = nil) {
        self.commandLine = commandLine
        self.ramdisk = ramdisk
    }

    fileprivate static let commandLineName: Text = "bootargs"
    fileprivate static let ramdiskStartName: Text = "linux,initrd-start"
    fileprivate static let ramdiskEndName: Text = "linux,initrd-end"

    /// Whether this has another value for the property of that name.
    fileprivate func replaces(_ name: UInt64, in tree: PhysicalMemory) -> Bool {
        if tree.holds(Self.commandLineName, at: name) { return commandLine != nil }
        return ramdisk != nil
            && (tree.holds(Self.ramdiskStartName, at: name)
                || tree.holds(Self.ramdiskEndName, at: name))
    }
}

extension DeviceTree {
    /// Room for the node and its properties, without the command line, and for reservations.
    private static let chosenByteCount: UInt64 = 256

    /// Whether the structure block has an end, and so is what its writer meant.
    var isWhole: Bool {
        var walk = Walk(tree: self)
        while walk.next() != nil {}
        return walk.isAtEnd
    }

    /// The number of bytes that a packed copy cannot exceed.
    func largestByteCount(with chosen: ChosenNode) -> UInt64 {
        Self.headerByteCount + structure.upperBound + (strings.upperBound - strings.lowerBound)
            + (chosen.commandLine?.byteCount ?? 0) + Self.chosenByteCount
    }

    /// Writes a copy without free space, with that node, and with the RAM disk and another range
    /// among the memory that the kernel must leave alone; returns the copy.
    ///
    /// The tree must be whole, and there must be room for ``largestByteCount(with:)``.
    func pack(
        into memory: PhysicalMemory, with chosen: ChosenNode,
        reserving range: Range<PhysicalAddress>
    ) -> PhysicalMemory {
        var copy = TreeWriter(memory: memory, offset: Self.headerByteCount)
        copyReservations(to: &copy)
        copy.add(reservation: range)
        if let ramdisk = chosen.ramdisk { copy.add(reservation: ramdisk) }
        copy.add(reservation: PhysicalAddress(0)..<PhysicalAddress(0))
        let structureStart = copy.offset
        copyStructure(to: &copy, with: chosen)
        let stringsStart = copy.offset
        copy.add(self.memory[strings])
        copy.add(ChosenNode.commandLineName)
        copy.add(ChosenNode.ramdiskStartName)
        copy.add(ChosenNode.ramdiskEndName)
        let end = copy.offset
        copy.offset = 0
        let header: [10 of UInt64] = [
            UInt64(word(0)), end, structureStart, stringsStart, Self.headerByteCount,
            UInt64(Self.version), 16, UInt64(word(28)), end - stringsStart,
            stringsStart - structureStart,
        ]
        for index in header.indices { copy.add(UInt32(truncatingIfNeeded: header[index])) }
        return memory[0..<end]
    }

    /// Copies the memory reservation block (section 5.3) without its end.
    private func copyReservations(to copy: inout TreeWriter) {
        var offset = UInt64(word(16))
        while offset + 16 <= structure.lowerBound,
            memory.load(UInt64.self, at: offset) | memory.load(UInt64.self, at: offset + 8) != 0
        {
            copy.add(memory[offset..<offset + 16])
            offset += 16
        }
    }

    private func copyStructure(to copy: inout TreeWriter, with chosen: ChosenNode) {
        var walk = Walk(tree: self)
        var (isInChosen, hasChosen) = (false, false)
        while let step = walk.next() {
            switch step {
            case .begin(let name):
                copy.add(Token.beginNode)
                copy.add(memory[name..<walk.offset])
                isInChosen = walk.depth == 2 && memory.holds("chosen", at: name)
                if isInChosen {
                    hasChosen = true
                    add(chosen, to: &copy)
                }
            case .end:
                copy.add(Token.endNode)
                isInChosen = false
            case .property(let name, let value):
                if isInChosen, chosen.replaces(name, in: memory) { continue }
                copy.addProperty(named: name - strings.lowerBound, memory[value])
            }
        }
        if !hasChosen {
            copy.add(Token.beginNode)
            copy.add("chosen")
            copy.align()
            add(chosen, to: &copy)
            copy.add(Token.endNode)
        }
        copy.add(Token.endNode)
        copy.add(Token.end)
    }

    /// Adds the node's own properties, whose names are behind the tree's strings.
    private func add(_ chosen: ChosenNode, to copy: inout TreeWriter) {
        var name = strings.upperBound - strings.lowerBound
        if let line = chosen.commandLine {
            var end: UInt64 = 0
            while line[end] != 0 { end += 1 }
            copy.addProperty(named: name, line[0..<end + 1])
        }
        name += ChosenNode.commandLineName.byteCount
        guard let ramdisk = chosen.ramdisk else { return }
        copy.addProperty(named: name, ramdisk.lowerBound)
        name += ChosenNode.ramdiskStartName.byteCount
        copy.addProperty(named: name, ramdisk.upperBound)
    }
}

/// Writes a device tree, each number with its highest byte first.
private struct TreeWriter {
    let memory: PhysicalMemory
    var offset: UInt64

    mutating func add(_ value: UInt32) {
        memory.store(value.bigEndian, at: offset)
        offset += 4
    }

    mutating func add(_ address: PhysicalAddress) {
        memory.store(address.rawValue.bigEndian, at: offset)
        offset += 8
    }

    mutating func add(_ bytes: PhysicalMemory) {
        memory[offset..<offset + bytes.byteCount].copy(from: bytes)
        offset += bytes.byteCount
    }

    /// Adds text and its zero.
    mutating func add(_ text: Text) {
        for index in 0..<text.byteCount {
            memory.store(text[Int(index)], at: offset + index)
        }
        offset += text.byteCount
    }

    mutating func add(reservation range: Range<PhysicalAddress>) {
        add(range.lowerBound)
        add(PhysicalAddress(range.byteCount))
    }

    /// Starts a property of that many bytes, given where its name is in the strings block.
    private mutating func startProperty(named name: UInt64, byteCount: UInt64) {
        add(DeviceTree.Token.property)
        add(UInt32(truncatingIfNeeded: byteCount))
        add(UInt32(truncatingIfNeeded: name))
    }

    mutating func addProperty(named name: UInt64, _ value: PhysicalMemory) {
        startProperty(named: name, byteCount: value.byteCount)
        add(value)
        align()
    }

    mutating func addProperty(named name: UInt64, _ value: PhysicalAddress) {
        startProperty(named: name, byteCount: 8)
        add(value)
    }

    /// Adds zeros up to a multiple of 4.
    mutating func align() {
        while offset % 4 != 0 {
            memory.store(UInt8(0), at: offset)
            offset += 1
        }
    }
}

extension Text {
    /// With the zero.
    fileprivate var byteCount: UInt64 {
        var count = 0
        while self[count] != 0 { count += 1 }
        return UInt64(count) + 1
    }
}
