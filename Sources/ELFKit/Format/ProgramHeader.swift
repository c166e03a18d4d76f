/// One program header as the file has it, of any type (gABI, "Program Header").
public struct ProgramHeader: Equatable, Sendable {
    /// The type, and the position in the program header table.
    public let id: SegmentID
    /// `p_flags`; the lower three bits are the memory permissions.
    public let flags: UInt32
    /// `p_offset`, in bytes.
    public let fileOffset: UInt64
    /// `p_vaddr`.
    public let virtualAddress: UInt64
    /// `p_paddr`.
    public let physicalAddress: UInt64
    /// `p_filesz`, in bytes.
    public let fileByteCount: UInt64
    /// `p_memsz`, in bytes.
    public let memoryByteCount: UInt64
    /// `p_align`, in bytes.
    public let alignment: UInt64

    /// The position in the program header table, from 0.
    public var index: Int { id.index }
    /// `p_type`.
    public var type: SegmentType { id.type }
}

/// The type of a program header (gABI, "Program Header"; `PT_GNU_*` by GNU).
public struct SegmentType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// `p_type`.
    public let rawValue: UInt32

    /// The type with that `p_type`.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `PT_NULL`: an unused entry.
    static let null = SegmentType(rawValue: 0)
    /// `PT_LOAD`: bytes to load.
    public static let load = SegmentType(rawValue: 1)
    /// `PT_DYNAMIC`: the dynamic section.
    public static let dynamic = SegmentType(rawValue: 2)
    /// `PT_INTERP`: the path of a dynamic linker.
    public static let interpreter = SegmentType(rawValue: 3)
    /// `PT_NOTE`: notes.
    static let note = SegmentType(rawValue: 4)
    /// `PT_TLS`: the template of thread-local storage.
    public static let threadLocal = SegmentType(rawValue: 7)
    /// `PT_GNU_RELRO`: read-only after relocation.
    public static let relro = SegmentType(rawValue: 0x6474_e552)

    /// The name in the specification, or the number.
    public var description: String { Self.names[rawValue] ?? hex(rawValue) }

    private static let names: [UInt32: String] = [
        0: "PT_NULL", 1: "PT_LOAD", 2: "PT_DYNAMIC", 3: "PT_INTERP", 4: "PT_NOTE", 5: "PT_SHLIB",
        6: "PT_PHDR", 7: "PT_TLS", 0x6474_e550: "PT_GNU_EH_FRAME", 0x6474_e551: "PT_GNU_STACK",
        0x6474_e552: "PT_GNU_RELRO", 0x6474_e553: "PT_GNU_PROPERTY",
    ]
}

/// Identifies a program header in errors and warnings.
public struct SegmentID: Equatable, Sendable, CustomStringConvertible {
    /// The type of the program header.
    public let type: SegmentType
    /// The position in the program header table, from 0, as in `readelf -l`.
    public let index: Int

    /// Identifies the program header of that type at that position.
    package init(_ type: SegmentType, _ index: Int) {
        self.type = type
        self.index = index
    }

    /// Such as "segment 3 (PT_LOAD)".
    public var description: String { "segment \(index) (\(type))" }
}
