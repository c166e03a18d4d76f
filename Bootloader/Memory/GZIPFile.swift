/// A gzip file of one member (RFC 1952), which may be damaged.
struct GZIPFile {
    struct Damage: Error {}

    private static let trailerByteCount: UInt64 = 8
    /// DEFLATE's best ratio is 1032 to 1.
    private static let largestRatio: UInt64 = 1032

    private let file: PhysicalMemory
    /// Where the compressed data is.
    private let body: Range<UInt64>

    init(_ file: PhysicalMemory) throws(Damage) {
        guard file.byteCount >= 18, file.load(UInt16.self) == 0x8B1F, file[2] == 8 else {
            throw Damage()
        }
        self.file = file
        let flags = file[3]
        let end = file.byteCount - Self.trailerByteCount
        var offset: UInt64 = 10
        if flags & 4 != 0 { offset += 2 + UInt64(file.load(UInt16.self, at: offset)) }
        // The name and the comment.
        for flag in [8 as UInt8, 16] where flags & flag != 0 {
            while offset < end, file[offset] != 0 { offset += 1 }
            offset += 1
        }
        if flags & 2 != 0 { offset += 2 }
        guard offset < end else { throw Damage() }
        body = offset..<end
        guard byteCount <= (end - offset) * Self.largestRatio else { throw Damage() }
    }

    /// The length of the contents, as the file states it.
    var byteCount: UInt64 { UInt64(file.load(UInt32.self, at: file.byteCount - 4)) }

    /// Decompresses into memory of that length.
    func decompress(into memory: PhysicalMemory) throws(Damage) {
        var inflater = Inflater(file[body], into: memory)
        try inflater.run()
        guard memory.crc32 == file.load(UInt32.self, at: body.upperBound) else { throw Damage() }
    }
}

/// Decompresses DEFLATE data (RFC 1951).
private struct Inflater {
    typealias Damage = GZIPFile.Damage

    private static let endOfBlock = 256

    private let input: PhysicalMemory
    private let output: PhysicalMemory
    private var taken: UInt64 = 0
    private var written: UInt64 = 0
    /// The bits of the last byte that are still to come.
    private var pending: UInt32 = 0
    private var pendingCount: UInt32 = 0

    init(_ input: PhysicalMemory, into output: PhysicalMemory) {
        (self.input, self.output) = (input, output)
    }

    /// Fills the output exactly.
    mutating func run() throws(Damage) {
        var isLast = false
        while !isLast {
            isLast = try bits(1) == 1
            switch try bits(2) {
            case 0: try copyStored()
            case 1: try copyFixed()
            case 2: try copyDynamic()
            default: throw Damage()
            }
        }
        guard written == output.byteCount else { throw Damage() }
    }

    @inline(never)
    private mutating func bits(_ count: UInt32) throws(Damage) -> Int {
        while pendingCount < count {
            guard taken < input.byteCount else { throw Damage() }
            pending |= UInt32(input[taken]) << pendingCount
            taken += 1
            pendingCount += 8
        }
        defer {
            pending >>= count
            pendingCount -= count
        }
        return Int(pending & (1 << count - 1))
    }

    @inline(never)
    private mutating func put(_ byte: UInt8) throws(Damage) {
        guard written < output.byteCount else { throw Damage() }
        output.store(byte, at: written)
        written += 1
    }

    /// Section 3.2.4.
    private mutating func copyStored() throws(Damage) {
        (pending, pendingCount) = (0, 0)
        let count = try bits(16)
        guard try bits(16) == count ^ 0xFFFF else { throw Damage() }
        for _ in 0..<count { try put(UInt8(try bits(8))) }
    }

    /// Section 3.2.6.
    private mutating func copyFixed() throws(Damage) {
        var lengths = Lengths(repeating: 8)
        for symbol in 144..<280 { lengths[symbol] = symbol < 256 ? 9 : 7 }
        let literals = try Code(lengths, 0..<288)
        try copy(literals, try Code(Lengths(repeating: 5), 0..<30))
    }

    /// Section 3.2.7.
    private mutating func copyDynamic() throws(Damage) {
        let literalCount = 257 + (try bits(5))
        let count = literalCount + 1 + (try bits(5))
        let order: [19 of UInt8] = [
            16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
        ]
        var lengths = Lengths(repeating: 0)
        for index in 0..<4 + (try bits(4)) { lengths[Int(order[index])] = UInt8(try bits(3)) }
        let code = try Code(lengths, 0..<19)
        lengths = Lengths(repeating: 0)
        var index = 0
        while index < count {
            let symbol = try decode(code)
            var (length, repeats) = (UInt8(truncatingIfNeeded: symbol), 1)
            switch symbol {
            case 16:
                guard index > 0 else { throw Damage() }
                length = lengths[index - 1]
                repeats = 3 + (try bits(2))
            case 17: (length, repeats) = (0, 3 + (try bits(3)))
            case 18: (length, repeats) = (0, 11 + (try bits(7)))
            default: break
            }
            guard index + repeats <= count else { throw Damage() }
            for _ in 0..<repeats {
                lengths[index] = length
                index += 1
            }
        }
        let literals = try Code(lengths, 0..<literalCount)
        try copy(literals, try Code(lengths, literalCount..<count))
    }

    /// Copies a block's literals, and what the output has already (section 3.2.5).
    private mutating func copy(_ literals: Code, _ distances: Code) throws(Damage) {
        while true {
            let symbol = try decode(literals)
            if symbol == Self.endOfBlock { return }
            guard symbol > Self.endOfBlock else {
                try put(UInt8(symbol))
                continue
            }
            let index = symbol - 257
            guard index < 29 else { throw Damage() }
            let length = index == 28 ? 258 : 3 + (try value(index, width: 4))
            let far = try decode(distances)
            guard far < 30 else { throw Damage() }
            let distance = UInt64(1 + (try value(far, width: 2)))
            guard distance <= written else { throw Damage() }
            for _ in 0..<length { try put(output[written - distance]) }
        }
    }

    /// The value, from 0 on, of a symbol for a range: beyond twice `width`, each `width` symbols
    /// have one bit more behind them.
    private mutating func value(_ symbol: Int, width: Int) throws(Damage) -> Int {
        guard symbol >= 2 * width else { return symbol }
        let count = symbol / width - 1
        return (width + symbol % width) << count + (try bits(UInt32(count)))
    }

    @inline(never)
    private mutating func decode(_ code: Code) throws(Damage) -> Int {
        var (bits, first, index) = (0, 0, 0)
        for length in 1..<16 {
            bits = bits << 1 | (try self.bits(1))
            let count = Int(code.counts[length])
            if bits < first + count { return Int(code.symbols[index + bits - first]) }
            index += count
            first = (first + count) << 1
        }
        throw Damage()
    }

    typealias Lengths = [320 of UInt8]

    /// A Huffman code, by the lengths of its symbols (section 3.2.2).
    struct Code {
        /// How many symbols have each length.
        private(set) var counts = [16 of UInt16](repeating: 0)
        /// By length, then by value.
        private(set) var symbols = [288 of UInt16](repeating: 0)

        @inline(never)
        init(_ lengths: Lengths, _ range: Range<Int>) throws(Damage) {
            for index in range { counts[Int(lengths[index])] += 1 }
            counts[0] = 0
            var room = 1
            var next = [16 of Int](repeating: 0)
            for length in 1..<16 {
                room = 2 * room - Int(counts[length])
                guard room >= 0 else { throw Damage() }
                if length > 1 { next[length] = next[length - 1] + Int(counts[length - 1]) }
            }
            for index in range {
                let length = Int(lengths[index])
                guard length > 0 else { continue }
                symbols[next[length]] = UInt16(index - range.lowerBound)
                next[length] += 1
            }
        }
    }
}

extension PhysicalMemory {
    /// CRC-32 (RFC 1952, section 8).
    fileprivate var crc32: UInt32 {
        var crc: UInt32 = ~0
        for offset in 0..<byteCount {
            crc ^= UInt32(self[offset])
            for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
        return ~crc
    }
}
