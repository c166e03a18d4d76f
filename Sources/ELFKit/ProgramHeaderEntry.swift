/// One program header as it is in the file, of whatever type (gABI, "Program Header").
public struct ProgramHeaderEntry: Equatable, Sendable {
    /// The position in the program header table, from 0.
    public let index: Int
    /// `p_type`.
    public let type: UInt32
    /// `p_flags`; what it may do with memory is in the lower three bits.
    public let flags: UInt32
    /// `p_offset`, in bytes.
    public let fileOffset: UInt64
    /// `p_vaddr`.
    public let virtualAddress: UInt64
    /// `p_filesz`, in bytes.
    public let fileByteCount: UInt64
    /// `p_memsz`, in bytes.
    public let memoryByteCount: UInt64
    /// `p_align`, in bytes.
    public let alignment: UInt64

    /// The type's name in the specification, or its number.
    public var typeName: String { Self.typeNames[type] ?? hex(type) }

    private static let typeNames: [UInt32: String] = [
        0: "PT_NULL", 1: "PT_LOAD", 2: "PT_DYNAMIC", 3: "PT_INTERP", 4: "PT_NOTE", 5: "PT_SHLIB",
        6: "PT_PHDR", 7: "PT_TLS", 0x6474_e550: "PT_GNU_EH_FRAME", 0x6474_e551: "PT_GNU_STACK",
        0x6474_e552: "PT_GNU_RELRO", 0x6474_e553: "PT_GNU_PROPERTY",
    ]
}
