/// The header of a flat kernel for 64-bit ARM (Linux, Documentation/arch/arm64/booting.rst, "Call
/// the kernel image").
public struct ImageHeader: Equatable, Sendable {
    /// Where the kernel's first byte is, above a multiple of 2 MiB, in bytes.
    public let textOffset: UInt64
    /// The kernel's size in memory, in bytes; 0 in files that are older than the field.
    public let imageByteCount: UInt64
    /// Bit 0: big-endian; bits 1 and 2: page size; bit 3: may be anywhere in memory.
    public let flags: UInt64

    /// The offset of the magic number in the file, in bytes.
    static let magicOffset = 56
    static let byteCount = 64
    /// Kernels are placed relative to multiples of 2 MiB.
    package static let unit: UInt64 = 2 << 20
    /// What QEMU assumes of a file without the header, and Linux of one without the size.
    package static let formerTextOffset: UInt64 = 0x8_0000
    private static let magic: UInt32 = 0x644d_5241
    private static let magicOfELF: UInt32 = 0x464c_457f

    /// Where the kernel's first byte is, above a multiple of ``unit``, in bytes.
    package var placeOffset: UInt64 { imageByteCount == 0 ? Self.formerTextOffset : textOffset }

    /// Reads the header at a file's start; `nil` if there is none, or the file is an ELF file.
    package init?(inFileStartingWith bytes: RawSpan) {
        guard bytes.byteCount >= Self.byteCount,
            bytes.littleEndian(at: 0) != Self.magicOfELF,
            bytes.littleEndian(at: Self.magicOffset) == Self.magic
        else { return nil }
        (textOffset, imageByteCount) = (bytes.littleEndian(at: 8), bytes.littleEndian(at: 16))
        flags = bytes.littleEndian(at: 24)
    }
}
