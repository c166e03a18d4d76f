internal import SystemPackage

/// An open kernel file; reads ranges that callers have checked against its size.
struct KernelFile {
    let descriptor: FileDescriptor
    /// Size in bytes when it was opened.
    let byteCount: UInt64

    /// The maximum size in bytes of the part of a table that is in memory.
    private static let blockByteCount = 240 << 10

    init(_ descriptor: FileDescriptor) throws(Problem) {
        let status: Stat
        do { status = try Stat(descriptor) } catch { throw .cannotRead(error) }
        guard status.type == .regular else { throw .notRegularFile(status.type) }
        self.descriptor = descriptor
        byteCount = UInt64(status.size)
    }

    /// The file's end if it has shrunk since it was opened; otherwise, or if unknown, `nil`.
    var endIfShrunk: UInt64? {
        guard let status = try? Stat(descriptor) else { return nil }
        let end = UInt64(status.size)
        return end < byteCount ? end : nil
    }

    /// Reads the whole range, whose size the caller has limited.
    func bytes(in range: Range<UInt64>) throws(Problem) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        try fill(&bytes, from: range)
        return bytes
    }

    /// Reads a table in blocks and calls `body` with each entry until it returns false.
    func forEachEntry(
        in table: Range<UInt64>, ofByteCount entryByteCount: Int,
        _ body: (RawSpan) throws(Problem) -> Bool
    ) throws(Problem) {
        let blockSize = UInt64(Self.blockByteCount / entryByteCount * entryByteCount)
        var block: [UInt8] = []
        var start = table.lowerBound
        while start < table.upperBound {
            let range = start..<min(start + blockSize, table.upperBound)
            if block.count != range.count { block = [UInt8](repeating: 0, count: range.count) }
            try fill(&block, from: range)
            for offset in stride(from: 0, through: block.count - entryByteCount, by: entryByteCount)
            {
                let entry = block.span.bytes.extracting(offset..<offset + entryByteCount)
                guard try body(entry) else { return }
            }
            start = range.upperBound
        }
    }

    /// Reads the text up to the first zero, at most `limit` bytes; `nil` if it is empty.
    func text(in range: Range<UInt64>, limit: UInt64) throws(Problem) -> String? {
        let end = min(range.lowerBound + limit, range.upperBound)
        let text = try bytes(in: range.lowerBound..<end).prefix { $0 != 0 }
        return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }

    func fill(_ bytes: inout [UInt8], from range: Range<UInt64>) throws(Problem) {
        var filled = 0
        while filled < bytes.count {
            let offset = range.lowerBound + UInt64(filled)
            let count = try read(into: &bytes, from: filled, atOffset: offset)
            guard count > 0 else { throw .shrankWhileRead(offset: offset) }
            filled += count
        }
    }

    private func read(
        into bytes: inout [UInt8], from start: Int, atOffset offset: UInt64
    ) throws(Problem) -> Int {
        do {
            return try bytes.withUnsafeMutableBytes {
                try descriptor.read(
                    fromAbsoluteOffset: Int64(offset),
                    into: UnsafeMutableRawBufferPointer(rebasing: $0[start...]))
            }
        } catch {
            throw .cannotRead(error as? Errno ?? .ioError)
        }
    }
}
