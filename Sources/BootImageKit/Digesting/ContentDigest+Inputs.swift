import DiskImage
import SystemPackage

extension ContentDigest {
    /// The digest of a content, parts of which may lie in open files.
    init(of content: Content, in files: [ImageInput]) throws(BuildError) {
        var samples: [[UInt8]] = []
        for range in Self.samples(of: content.byteCount.value) {
            samples.append(try content.bytes(range, in: files))
        }
        self.init(byteCount: content.byteCount.value, samples: samples)
    }
}

extension Content {
    /// A part of the content; less of it if a file shrank.
    fileprivate func bytes(
        _ range: Range<UInt64>, in files: [ImageInput]
    ) throws(BuildError) -> [UInt8] {
        switch self {
        case .bytes(let bytes):
            return Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
        case .input(let index, let offset, _):
            return try files[index].descriptor.read(
                range.upperBound - range.lowerBound, at: offset.value + range.lowerBound,
                of: files[index].path)
        case .joined(let contents):
            var bytes: [UInt8] = []
            var start: UInt64 = 0
            for content in contents {
                let end = start + content.byteCount.value
                let part = range.clamped(to: start..<end)
                if !part.isEmpty {
                    bytes += try content.bytes(
                        part.lowerBound - start..<part.upperBound - start, in: files)
                }
                start = end
            }
            return bytes
        }
    }
}

extension FileDescriptor {
    /// Reads at most `count` bytes of the file `path` from an offset.
    func read(_ count: UInt64, at offset: UInt64, of path: FilePath) throws(BuildError) -> [UInt8] {
        do {
            return try [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
                filled = try read(
                    fromAbsoluteOffset: Int64(offset), into: UnsafeMutableRawBufferPointer(buffer))
            }
        } catch {
            throw .input(path, .readFailed(error as? Errno ?? .ioError))
        }
    }
}
