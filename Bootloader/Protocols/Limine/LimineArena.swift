/// The memory that responses are written to, one behind the other, and what they contain: 64-bit
/// words and strings.
struct LimineArena {
    private let memory: PhysicalMemory
    /// The virtual address of physical address 0.
    private let offset: UInt64
    private var used: UInt64 = 0

    init(_ memory: PhysicalMemory, mappedWith offset: UInt64) {
        self.memory = memory
        self.offset = offset
    }

    /// The virtual address of the next word.
    var end: VirtualAddress { virtual(memory.start + used) }

    /// Where the kernel finds what is at a physical address.
    func virtual(_ address: PhysicalAddress) -> VirtualAddress {
        VirtualAddress(address.rawValue &+ offset)
    }

    /// Adds a word.
    @inline(never)
    mutating func add(_ word: UInt64) {
        memory.store(word, at: used)
        used += 8
    }

    mutating func add(_ low: UInt32, _ high: UInt32) {
        add(UInt64(high) << 32 | UInt64(low))
    }

    mutating func add(_ address: VirtualAddress) { add(address.rawValue) }

    mutating func removeLast(wordCount: UInt64) { used -= 8 * wordCount }

    /// Adds a string with its zero, and returns its address.
    mutating func add(_ text: Text) -> VirtualAddress {
        let start = end
        addCharacters(of: text)
        endString()
        return start
    }

    /// Adds `/` and a string, and returns the address of both.
    mutating func addPath(_ name: Text) -> VirtualAddress {
        let start = end
        addCharacters(of: "/")
        addCharacters(of: name)
        endString()
        return start
    }

    @inline(never)
    private mutating func addCharacters(of text: Text) {
        var index = 0
        while text[index] != 0 {
            memory.store(text[index], at: used)
            used += 1
            index += 1
        }
    }

    /// Adds `/` and a zero-terminated string from memory, and returns the address of both.
    @inline(never)
    mutating func addPath(_ name: PhysicalMemory, from offset: UInt64) -> VirtualAddress {
        let start = end
        var byte = UInt8(ascii: "/")
        var offset = offset
        while byte != 0 {
            memory.store(byte, at: used)
            used += 1
            byte = name[offset]
            offset += 1
        }
        endString()
        return start
    }

    /// Adds a zero, then more up to a whole word.
    private mutating func endString() {
        repeat {
            memory.store(UInt8(0), at: used)
            used += 1
        } while used % 8 != 0
    }
}
