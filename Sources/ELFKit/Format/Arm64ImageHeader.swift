/// The header of an arm64 `Image`, in the first 64 bytes of a flat kernel (Linux, "Booting AArch64
/// Linux").
struct Arm64ImageHeader: Equatable {
    /// Offset 8: where the image is loaded, in bytes from a multiple of ``unit``.
    let textOffset: UInt64
    /// Offset 16: the memory that the image takes, in bytes; 0 in headers before Linux 3.17.
    let imageByteCount: UInt64

    static let byteCount = 64
    /// Images are loaded relative to multiples of 2 MiB.
    static let unit: UInt64 = 2 << 20
    /// `ARM\x64`, at offset 56.
    private static let magic: UInt32 = 0x644D_5241
    /// The offset of images whose header does not state their size.
    private static let formerTextOffset: UInt64 = 0x8_0000

    /// Reads the first bytes of a file; `nil` if they are no such header.
    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= Self.byteCount, bytes.littleEndian(at: 56) == Self.magic else {
            return nil
        }
        imageByteCount = bytes.littleEndian(at: 16)
        textOffset = imageByteCount == 0 ? Self.formerTextOffset : bytes.littleEndian(at: 8)
    }
}
