/// What a region of the image holds.
public enum Content: Equatable, Sendable {
    /// Bytes in memory.
    case bytes([UInt8])
    /// So many bytes of the writer's input with that index, from `offset` on.
    case input(index: Int, offset: ByteCount = .zero, length: ByteCount)
    /// Several contents, each from the byte on where the one before it ends.
    case joined([Content])

    /// How long it is.
    public var byteCount: ByteCount {
        switch self {
        case .bytes(let bytes): ByteCount(of: bytes)
        case .input(_, _, let length): length
        case .joined(let contents): contents.reduce(.zero) { $0 + $1.byteCount }
        }
    }
}
