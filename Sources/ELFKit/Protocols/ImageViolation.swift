/// A broken rule of kernels that start as Linux does on 64-bit ARM.
public enum ImageViolation: Equatable, Sendable {
    /// The flags of an `Image` header for a big-endian kernel.
    case bigEndian(flags: UInt64)
    /// `image_size` is less than the file.
    case size(UInt64, fileByteCount: UInt64)
    /// The entry point is not within the loaded bytes.
    case entryOutside(UInt64)
    /// A segment does not end within 52 bits of physical memory; `nil` for a flat kernel.
    case tooHigh(SegmentID?, address: UInt64, byteCount: UInt64)

    /// The end of what 52 bits address (FEAT_LPA).
    static let memoryEnd: UInt64 = 1 << 52
}
