import DiskImage
import HostSystem
import SystemPackage

/// The length and the SHA-256 digest of a file, or of a part of an image.
package struct FileDigest: Equatable, Sendable {
    /// How much is read at a time; no more memory is used.
    private static let blockByteCount = 128 << 10

    let byteCount: UInt64
    /// The digest's 32 bytes.
    let bytes: [UInt8]
    /// 64 lower-case hexadecimal digits.
    let sha256: String

    /// Reads a whole open file, whatever its position.
    init(of file: FileDescriptor, _ path: FilePath) throws(BuildError) {
        var reading = Reading()
        while try reading.take(Self.blockByteCount, of: file, path) {}
        self.init(reading)
    }

    /// Reads a whole file.
    init(of path: FilePath) throws(BuildError) {
        let file: FileDescriptor
        do throws(FileError) { file = try FileDescriptor.openForReading(path) } catch {
            throw .file(error)
        }
        defer { try? file.close() }
        try self.init(of: file, path)
    }

    /// Reads a content, parts of which may lie in open files.
    init(of content: Content, in files: [ImageInput]) throws(BuildError) {
        var reading = Reading()
        try reading.take(content, in: files)
        self.init(reading)
    }

    private init(_ reading: Reading) {
        (byteCount, bytes) = (reading.offset, reading.digest.bytes)
        sha256 = reading.digest.text
    }

    /// The bytes read so far.
    private struct Reading {
        var digest = SHA256Digest()
        /// Their number.
        var offset: UInt64 = 0
        private var block = [UInt8](repeating: 0, count: FileDigest.blockByteCount)

        /// Takes at most `limit` bytes of a file, from where the last ones end; false at its end.
        mutating func take(
            _ limit: Int, of file: FileDescriptor, _ path: FilePath, from start: UInt64 = 0
        ) throws(BuildError) -> Bool {
            let count: Int
            do {
                count = try block.withUnsafeMutableBytes { bytes in
                    try file.read(
                        fromAbsoluteOffset: Int64(start &+ offset),
                        into: UnsafeMutableRawBufferPointer(rebasing: bytes.prefix(limit)))
                }
            } catch {
                throw .input(path, .readFailed(error as? Errno ?? .ioError))
            }
            block.withUnsafeBytes { digest.take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            offset += UInt64(count)
            return count > 0
        }

        mutating func take(_ content: Content, in files: [ImageInput]) throws(BuildError) {
            switch content {
            case .bytes(let bytes):
                digest.take(bytes)
                offset += UInt64(bytes.count)
            case .input(let index, let start, let length):
                let (file, end) = (files[index], offset + length.value)
                // Positions are relative to the start of this content.
                let origin = start.value &- offset
                while offset < end {
                    let limit = Int(min(UInt64(FileDigest.blockByteCount), end - offset))
                    guard try take(limit, of: file.descriptor, file.path, from: origin) else {
                        throw .input(file.path, .shrank)
                    }
                }
            case .joined(let contents):
                for content in contents { try take(content, in: files) }
            }
        }
    }
}
