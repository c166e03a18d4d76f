import DiskImage
import HostSystem
import SHA2
import SystemPackage

/// The SHA-256 digest of bytes that arrive in pieces of any length: of a file, or of a part of one.
package struct SHA256Digest {
    /// How much of a file is read at a time; no more memory is used.
    private static let blockByteCount: UInt64 = 128 << 10

    private var digest = SHA256()
    /// The bytes after the last whole block.
    private var rest: [UInt8] = []
    private(set) var byteCount: UInt64 = 0

    mutating func take(_ bytes: [UInt8]) {
        byteCount += UInt64(bytes.count)
        let bytes = rest.isEmpty ? bytes : rest + bytes
        let whole = bytes.count / SHA256.blockByteCount * SHA256.blockByteCount
        bytes.withUnsafeBytes { digest.take(UnsafeRawBufferPointer(rebasing: $0[..<whole])) }
        rest = Array(bytes[whole...])
    }

    /// The 32 bytes of the digest of all bytes so far.
    var bytes: [UInt8] {
        var last = digest
        rest.withUnsafeBytes { last.finish($0, byteCount: byteCount) }
        return last.words.indices.flatMap { index in
            withUnsafeBytes(of: last.words[index].bigEndian) { Array($0) }
        }
    }

    /// The digest as 64 lowercase hexadecimal digits.
    var text: String { bytes.hexadecimal }
}

extension [UInt8] {
    /// Two lowercase digits for each byte.
    var hexadecimal: String {
        map { ($0 < 0x10 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension SHA256Digest {
    init(of bytes: [UInt8]) { take(bytes) }

    init(of path: FilePath) throws(BuildError) {
        let file = try attempt(FileDescriptor.openForReading(path), orThrow: BuildError.file)
        defer { try? file.close() }
        try self.init(of: file, path)
    }

    /// Reads a whole open file, whatever its position.
    init(of file: FileDescriptor, _ path: FilePath) throws(BuildError) {
        while true {
            let block = try file.read(Self.blockByteCount, at: byteCount, of: path)
            if block.isEmpty { return }
            take(block)
        }
    }

    /// Reads a content, parts of which may lie in open files.
    init(of content: Content, in files: [ImageInput]) throws(BuildError) {
        try take(content, in: files)
    }

    private mutating func take(_ content: Content, in files: [ImageInput]) throws(BuildError) {
        switch content {
        case .bytes(let bytes): take(bytes)
        case .input(let index, let start, let length):
            let file = files[index]
            var (offset, rest) = (start.value, length.value)
            while rest > 0 {
                let block = try file.descriptor.read(
                    min(Self.blockByteCount, rest), at: offset, of: file.path)
                if block.isEmpty { throw .input(file.path, .shrank) }
                take(block)
                offset += UInt64(block.count)
                rest -= UInt64(block.count)
            }
        case .joined(let contents): for content in contents { try take(content, in: files) }
        }
    }
}
