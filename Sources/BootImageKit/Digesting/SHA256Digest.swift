import SHA2

/// The SHA-256 digest of bytes that arrive in pieces of any length.
struct SHA256Digest {
    private var digest = SHA256()
    /// The bytes after the last whole block.
    private var rest: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// Takes the next bytes.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        byteCount += UInt64(bytes.count)
        var bytes = bytes
        if !rest.isEmpty {
            let missing = min(SHA256.blockByteCount - rest.count, bytes.count)
            rest += bytes[..<missing]
            bytes = UnsafeRawBufferPointer(rebasing: bytes[missing...])
            guard rest.count == SHA256.blockByteCount else { return }
            rest.withUnsafeBytes { digest.take($0) }
            rest = []
        }
        let whole = bytes.count / SHA256.blockByteCount * SHA256.blockByteCount
        digest.take(UnsafeRawBufferPointer(rebasing: bytes[..<whole]))
        rest += bytes[whole...]
    }

    /// Takes the next bytes.
    mutating func take(_ bytes: [UInt8]) { bytes.withUnsafeBytes { take($0) } }

    /// The 32 bytes of the digest of all bytes so far.
    var bytes: [UInt8] {
        var last = digest
        rest.withUnsafeBytes { last.finish($0, byteCount: byteCount) }
        return last.words.indices.flatMap { index in
            withUnsafeBytes(of: last.words[index].bigEndian) { Array($0) }
        }
    }

    /// The digest as 64 lowercase hexadecimal digits.
    var text: String {
        bytes.map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
