/// The serial port that `/chosen` names (Devicetree Specification 0.4, section 3.6).
extension DeviceTree {
    /// The deepest node that a path may lead to.
    private static let depthLimit = 8

    /// The port that `stdout-path` leads to, or without that property the first PL011; nil if it is
    /// of another kind, or the processor does not reach its address.
    var serialPort: DescribedSerialPort? {
        let output = child("chosen").flatMap { property("stdout-path", at: $0) }
        guard let output else {
            return firstRegister(compatibleWith: "arm,pl011").map {
                DescribedSerialPort(is16550: false, stride: 4, address: $0)
            }
        }
        // What follows a colon is about the speed.
        var path = output.lowerBound..<output.lowerBound
        while path.upperBound < output.upperBound, byte(path.upperBound) != 0,
            byte(path.upperBound) != UInt8(ascii: ":")
        {
            path = path.lowerBound..<path.upperBound + 1
        }
        if !path.isEmpty, byte(path.lowerBound) != UInt8(ascii: "/") {
            guard let alias = alias(path) else { return nil }
            path = alias.lowerBound..<alias.upperBound - 1
        }
        return serialPort(at: path)
    }

    /// The path that a name in `/aliases` stands for, with its zero.
    private func alias(_ name: Range<UInt64>) -> Range<UInt64>? {
        guard let aliases = child("aliases") else { return nil }
        var walk = Walk(tree: self, from: aliases)
        while case .property(let key, let value)? = walk.next() {
            if isEqual(name, key), !value.isEmpty { return value }
        }
        return nil
    }

    /// Whether a range of the tree's bytes is the name at an offset, up to its unit address.
    @inline(never)
    private func isEqual(_ text: Range<UInt64>, _ offset: UInt64) -> Bool {
        for index in text where byte(index) != byte(offset + (index - text.lowerBound)) {
            return false
        }
        let next = byte(offset + (text.upperBound - text.lowerBound))
        return next == 0 || next == UInt8(ascii: "@")
    }

    /// The port that a path from the root leads to, whose names may lack their unit addresses.
    private func serialPort(at path: Range<UInt64>) -> DescribedSerialPort? {
        var walk = Walk(tree: self)
        // Where the properties start of the nodes that lead to the port, from the root on.
        var nodes = [8 of UInt64](repeating: 0)
        var next = path.lowerBound
        var count = 0
        while let step = walk.next() {
            guard case .begin(let name) = step, walk.depth == count + 1 else { continue }
            if count > 0 {
                let start = next + 1
                var end = start
                while end < path.upperBound, byte(end) != UInt8(ascii: "/") { end += 1 }
                guard start < end, isEqual(start..<end, name) else { continue }
                next = end
            }
            guard count < Self.depthLimit else { return nil }
            nodes[count] = walk.offset
            count += 1
            if next == path.upperBound { return serialPort(at: nodes, count: count) }
        }
        return nil
    }

    private func serialPort(at nodes: [8 of UInt64], count: Int) -> DescribedSerialPort? {
        guard count > 1 else { return nil }
        let node = nodes[count - 1]
        guard isEnabled(at: node), let compatible = property("compatible", at: node),
            var address = register(at: node, cells: cells("#address-cells", at: nodes[count - 2]))
        else { return nil }
        let is16550 = list(compatible, holds: "ns16550a") || list(compatible, holds: "ns16550")
        guard is16550 || list(compatible, holds: "arm,pl011") else { return nil }
        // From bus to bus up to the root's, which is the processor's (section 2.3.8).
        var level = count - 2
        while level > 0 {
            let parent = cells("#address-cells", at: nodes[level - 1])
            guard let moved = translated(address, byBusAt: nodes[level], parentCells: parent) else {
                return nil
            }
            address = moved
            level -= 1
        }
        let shift = property("reg-shift", at: node).map { word($0.lowerBound) } ?? 0
        let stride: UInt32 = is16550 && shift == 0 ? 1 : 4
        return DescribedSerialPort(
            is16550: is16550, stride: stride, address: PhysicalAddress(address))
    }

    /// An address of a bus as one of the bus above it; nil if that does not reach it.
    private func translated(
        _ address: UInt64, byBusAt node: UInt64, parentCells: UInt32
    ) -> UInt64? {
        guard let ranges = property("ranges", at: node) else { return nil }
        if ranges.isEmpty { return address }
        let childCells = cells("#address-cells", at: node)
        let sizeCells = cells("#size-cells", at: node, otherwise: 1)
        guard max(max(childCells, parentCells), sizeCells) <= 2, min(childCells, sizeCells) > 0
        else { return nil }
        let byteCount = UInt64(4 * (childCells + parentCells + sizeCells))
        var offset = ranges.lowerBound
        while offset + byteCount <= ranges.upperBound {
            let child = number(at: offset, cells: childCells)
            let parent = number(at: offset + UInt64(4 * childCells), cells: parentCells)
            let size = number(at: offset + byteCount - UInt64(4 * sizeCells), cells: sizeCells)
            if address >= child, address - child < size { return parent &+ (address - child) }
            offset += byteCount
        }
        return nil
    }

    @inline(never)
    private func cells(_ name: Text, at node: UInt64, otherwise count: UInt32 = 2) -> UInt32 {
        property(name, at: node).map { word($0.lowerBound) } ?? count
    }

    @inline(never)
    private func number(at offset: UInt64, cells: UInt32) -> UInt64 {
        let first = UInt64(word(offset))
        return cells < 2 ? first : first << 32 | UInt64(word(offset + 4))
    }

    /// Where the properties of a child of the root start.
    @inline(never)
    private func child(_ name: Text) -> UInt64? {
        var walk = Walk(tree: self)
        while let step = walk.next() {
            guard case .begin(let found) = step, walk.depth == 2, memory.holds(name, at: found)
            else { continue }
            return walk.offset
        }
        return nil
    }
}
