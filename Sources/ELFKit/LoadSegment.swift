/// One `PT_LOAD` that has memory (gABI, "Program Header"), checked.
public struct LoadSegment: Equatable, Sendable {
    /// The position in the program header table, from 0.
    public let index: Int
    /// Where the bytes are in the file; empty if the segment is all zeroes.
    public let fileRange: Range<UInt64>
    /// Where the bytes go; a position-independent kernel is moved as a whole.
    public let memoryRange: Range<UInt64>
    /// What the address is a multiple of, up to the file offset: a power of two, at least 1.
    public let alignment: UInt64
    /// What the kernel may do with the memory.
    public let permissions: Permissions

    /// The first address.
    public var virtualAddress: UInt64 { memoryRange.lowerBound }
    /// How many bytes come from the file; the rest is zero.
    public var fileByteCount: UInt64 { fileRange.byteCount }
    /// How many bytes of memory the segment has; never less than `fileByteCount`.
    public var memoryByteCount: UInt64 { memoryRange.byteCount }

    /// `p_flags`.
    public struct Permissions: OptionSet, Hashable, Sendable {
        /// The bits of `p_flags`.
        public let rawValue: UInt32

        /// The permissions of these bits; others may be set and mean nothing here.
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// `PF_X`: code.
        public static let execute = Permissions(rawValue: 1)
        /// `PF_W`.
        public static let write = Permissions(rawValue: 2)
        /// `PF_R`.
        public static let read = Permissions(rawValue: 4)
        /// All that mean something here.
        static let known: Permissions = [.read, .write, .execute]
    }
}

/// The initial contents of each thread's storage: `PT_TLS` (gABI, "Thread-Local Storage").
public struct TLSTemplate: Equatable, Sendable {
    /// Where the initialised bytes are in the file.
    public let fileRange: Range<UInt64>
    /// Where they are in memory, `fileRange` first and then zeroes, for each thread to copy.
    public let memoryRange: Range<UInt64>
    /// What the address of each copy must be a multiple of: a power of two, at least 1.
    public let alignment: UInt64

    /// The template's address.
    public var virtualAddress: UInt64 { memoryRange.lowerBound }
    /// How many bytes come from the file.
    public var fileByteCount: UInt64 { fileRange.byteCount }
    /// How many bytes a thread needs.
    public var memoryByteCount: UInt64 { memoryRange.byteCount }
}
