/// One `PT_LOAD` that has memory (gABI, "Program Header"), checked.
public struct LoadSegment: Equatable, Sendable {
    /// The position in the program header table, from 0.
    public let index: Int
    /// The bytes in the file; empty if the segment is all zeroes.
    public let fileRange: Range<UInt64>
    /// The link addresses; a position-independent kernel is moved as a whole.
    public let memoryRange: Range<UInt64>
    /// Address and file offset are equal modulo this power of two, at least 1.
    public let alignment: UInt64
    /// The kernel's access to the memory.
    public let permissions: Permissions

    /// The first address.
    public var virtualAddress: UInt64 { memoryRange.lowerBound }
    /// The number of bytes from the file; the rest is zero.
    public var fileByteCount: UInt64 { fileRange.byteCount }
    /// Size in memory in bytes; never less than `fileByteCount`.
    public var memoryByteCount: UInt64 { memoryRange.byteCount }

    /// `p_flags`.
    public struct Permissions: OptionSet, Hashable, Sendable {
        /// The bits of `p_flags`.
        public let rawValue: UInt32

        /// The permissions of these bits; unknown bits may be set and have no effect.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `PF_X`: code.
        public static let execute = Permissions(rawValue: 1)
        /// `PF_W`.
        public static let write = Permissions(rawValue: 2)
        /// `PF_R`.
        public static let read = Permissions(rawValue: 4)
        /// All permissions that the loader knows.
        static let known: Permissions = [.read, .write, .execute]
    }
}

/// The initial contents of each thread's storage: `PT_TLS` (gABI, "Thread-Local Storage").
public struct TLSTemplate: Equatable, Sendable {
    /// The initialised bytes in the file.
    public let fileRange: Range<UInt64>
    /// The template in memory, the file's bytes and then zeroes, which each thread copies.
    public let memoryRange: Range<UInt64>
    /// The address of each copy must be a multiple of this power of two, at least 1.
    public let alignment: UInt64
}

/// The halves of the address space that four levels of page tables map.
struct AddressHalves {
    /// End of the lower half.
    let lowerEnd: UInt64
    /// Start of the upper half, which extends to 2⁶⁴.
    var upperStart: UInt64 { 0 &- lowerEnd }

    /// Both halves share one table on x86-64; on AArch64 each has its own.
    init(on architecture: Architecture) {
        switch architecture {
        case .x86_64: lowerEnd = 1 << 47
        case .aarch64: lowerEnd = 1 << 48
        }
    }

    /// Whether one half contains the whole range, which is not empty.
    func hold(_ range: Range<UInt64>) -> Bool {
        range.upperBound <= lowerEnd || range.lowerBound >= upperStart
    }
}
