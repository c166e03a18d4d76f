/// A range of physical memory, through which the loader reads and writes.
///
/// Every access is checked: one outside of the range is the loader's own fault and traps.
struct PhysicalMemory {
    let start: PhysicalAddress
    let byteCount: UInt64

    init(_ start: PhysicalAddress, byteCount: UInt64) {
        self.start = start
        self.byteCount = byteCount
    }

    /// A whole number of pages.
    init(_ start: PhysicalAddress, _ pages: PageCount) {
        self.init(start, byteCount: pages.byteCount)
    }

    var end: PhysicalAddress { start + byteCount }

    /// The first byte, for firmware; it may be at address 0, which a PC uses as any other.
    var pointer: UnsafeMutableRawPointer {
        UnsafeMutableRawPointer(bitPattern: UInt(start.rawValue)).unsafelyUnwrapped
    }

    /// All bytes, for functions that know nothing of addresses.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: pointer, count: Int(byteCount))
    }

    /// The bytes of a range that begins and ends in this one.
    subscript(range: Range<UInt64>) -> PhysicalMemory {
        precondition(range.upperBound <= byteCount)
        return PhysicalMemory(
            PhysicalAddress(start.rawValue &+ range.lowerBound),
            byteCount: range.upperBound &- range.lowerBound)
    }

    subscript(offset: UInt64) -> UInt8 { load(UInt8.self, at: offset) }

    /// Reads a value that starts `offset` bytes from the start, aligned or not.
    func load<Value: BitwiseCopyable>(_ type: Value.Type, at offset: UInt64 = 0) -> Value {
        place(of: Value.self, offset).loadUnaligned(as: Value.self)
    }

    /// Writes a value that starts `offset` bytes from the start, aligned or not.
    func store<Value: BitwiseCopyable>(_ value: Value, at offset: UInt64 = 0) {
        place(of: Value.self, offset).storeBytes(of: value, as: Value.self)
    }

    private func place<Value>(of type: Value.Type, _ offset: UInt64) -> UnsafeMutableRawPointer {
        let size = UInt64(MemoryLayout<Value>.size)
        precondition(byteCount >= size && offset <= byteCount &- size)
        return pointer + Int(truncatingIfNeeded: offset)
    }

    /// Sets all bytes to zero.
    @inline(never)
    func clear() {
        pointer.initializeMemory(as: UInt8.self, repeating: 0, count: Int(byteCount))
    }

    /// Copies all of `source` to the start of this range; they do not overlap.
    @inline(never)
    func copy(from source: PhysicalMemory) {
        precondition(source.byteCount <= byteCount)
        pointer.copyMemory(from: source.pointer, byteCount: Int(source.byteCount))
    }

    /// Whether `text` is at an offset, with a zero byte behind it unless it is a prefix.
    @inline(never)
    func holds(_ text: Text, at offset: UInt64, isPrefix: Bool = false) -> Bool {
        var (index, offset) = (0, offset)
        while !isPrefix || text[index] != 0 {
            guard offset < byteCount, self[offset] == text[index] else { return false }
            if text[index] == 0 { return true }
            index += 1
            offset += 1
        }
        return true
    }
}

/// Values of one type, one behind the other in physical memory.
///
/// Every index is checked.
struct MemoryArray<Element> {
    private let start: UnsafeMutablePointer<Element>
    /// How many there is room for.
    let count: Int

    init(_ memory: PhysicalMemory) {
        count = Int(memory.byteCount) / MemoryLayout<Element>.stride
        start = memory.pointer.bindMemory(to: Element.self, capacity: count)
    }

    subscript(index: Int) -> Element {
        get { place(of: index).pointee }
        nonmutating set { place(of: index).pointee = newValue }
    }

    private func place(of index: Int) -> UnsafeMutablePointer<Element> {
        precondition(index >= 0 && index < count)
        return start + index
    }
}

/// ASCII text that is part of the loader: one word, where `StaticString` takes three.
///
/// Nothing ever changes the text, so that sending it is safe.
struct Text: ExpressibleByStringLiteral, @unchecked Sendable {
    private let start: UnsafePointer<UInt8>

    init(stringLiteral text: StaticString) { start = text.utf8Start }

    /// The character at an index, 0 behind the last one; no index may be higher.
    subscript(index: Int) -> UInt8 { start[index] }
}
