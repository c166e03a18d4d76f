/// A kernel's file without its debugging sections: pieces that are to follow one another.
///
/// It is an ELF file as good as the whole one. What is in a segment keeps its offset; what lies
/// behind moves up to where the debugging sections were. The sections keep their numbers, by which
/// symbols refer to them: the header of one that is left out is all zeroes, `SHT_NULL`.
public struct StrippedFile: Equatable, Sendable {
    /// Some of its bytes.
    public enum Piece: Equatable, Sendable {
        /// The bytes of the whole file in that range.
        case source(Range<UInt64>)
        /// Bytes that are not those of the whole file: headers, and zeroes for alignment.
        case bytes([UInt8])
    }

    /// All of its bytes, in order.
    public let pieces: [Piece]
    /// How many bytes the pieces have together; fewer than the whole file.
    public let byteCount: UInt64
}
