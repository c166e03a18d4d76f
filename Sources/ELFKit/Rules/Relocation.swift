/// One relocation with addend (gABI, "Relocation": `Elf64_Rela`).
struct Relocation: Equatable {
    /// Size of the encoded entry.
    static let byteCount = 24

    /// Byte 0: the address of what is changed.
    var address: UInt64
    /// Bytes 8–11: what is done to it.
    var type: UInt32
    /// Bytes 12–15: the symbol whose value is used.
    var symbol: UInt32

    init(address: UInt64, type: UInt32, symbol: UInt32) {
        self.address = address
        self.type = type
        self.symbol = symbol
    }

    /// Decodes an entry; its addend may be anything.
    init(decoding entry: RawSpan) {
        self.init(
            address: entry.littleEndian(at: 0), type: entry.littleEndian(at: 8),
            symbol: entry.littleEndian(at: 12))
    }
}

/// The rules of relocations for x86-64 (psABI x86-64, "Relocation Types").
///
/// A table may have millions of entries: the segment that held the last target is tried first.
struct RelocationRules {
    /// `R_X86_64_RELATIVE` writes this many bytes.
    private static let targetByteCount: UInt64 = 8

    private let image: LoadedImage
    private var lastSegment = 0..<UInt64(0)
    private var index: UInt64 = 0
    private(set) var relativeCount: UInt64 = 0

    init(_ image: LoadedImage) { self.image = image }

    /// Checks the next entry of the table.
    mutating func check(_ relocation: Relocation) throws(ELFError.Problem) {
        defer { index += 1 }
        switch relocation.type {
        case RelocationType.none: break
        case RelocationType.relative:
            try checkRelative(relocation)
            relativeCount += 1
        default:
            throw .relocation(
                .unsupportedType(
                    index: index, type: relocation.type, address: relocation.address))
        }
    }

    private mutating func checkRelative(_ relocation: Relocation) throws(ELFError.Problem) {
        guard relocation.symbol == 0 else {
            throw .relocation(.symbol(index: index, symbol: relocation.symbol))
        }
        guard
            let target = Range(start: relocation.address, count: Self.targetByteCount),
            lastSegment.encloses(target) || findSegment(of: target)
        else {
            throw .relocation(.targetNotLoaded(index: index, address: relocation.address))
        }
    }

    private mutating func findSegment(of target: Range<UInt64>) -> Bool {
        let segment = image.segments.first { $0.memoryRange.encloses(target) }
        guard let segment else { return false }
        lastSegment = segment.memoryRange
        return true
    }
}
