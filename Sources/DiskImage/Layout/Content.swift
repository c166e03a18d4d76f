/// What a region of the image holds.
public enum Content: Equatable, Sendable {
    /// Bytes in memory.
    case bytes([UInt8])
    /// So many bytes from the start of the writer's input with that index.
    case input(index: Int, length: ByteCount)

    /// How long it is.
    public var byteCount: ByteCount {
        switch self {
        case .bytes(let bytes): ByteCount(of: bytes)
        case .input(_, let length): length
        }
    }
}
