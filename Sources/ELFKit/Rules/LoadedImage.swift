/// All segments, and the rules on what they must contain.
struct LoadedImage {
    /// By ascending address, without overlap.
    let segments: [LoadSegment]
    let tables: HeaderTables

    /// Returns the file range from that address to the end of the segment's bytes; `nil` if the
    /// address has no byte in the file.
    func fileRange(from address: UInt64) -> Range<UInt64>? {
        let segment = segments.first { $0.memoryRange.contains(address) }
        guard let segment else { return nil }
        let start = address - segment.virtualAddress
        guard start < segment.fileByteCount else { return nil }
        return segment.fileRange.lowerBound + start..<segment.fileRange.upperBound
    }

    /// Returns the file range of these addresses; `nil` unless one segment has all of the bytes.
    func fileRange(of addresses: Range<UInt64>) -> Range<UInt64>? {
        guard let rest = fileRange(from: addresses.lowerBound) else { return nil }
        return Range(
            start: rest.lowerBound, count: addresses.byteCount, limit: rest.upperBound)
    }

    /// Returns the template of thread-local storage (gABI, "Thread-Local Storage").
    func tls(_ problems: ProblemCollector) throws(Problem) -> TLSTemplate? {
        guard let header = try tables.only(.threadLocal),
            let contents = try HeaderContents(
                header, fileByteCount: tables.fileByteCount, problems),
            !contents.memoryRange.isEmpty
        else { return nil }
        // Only the bytes are loaded: each thread makes the zeroes after them.
        let bytes = header.virtualAddress..<header.virtualAddress + header.fileByteCount
        guard bytes.isEmpty || segments.contains(where: { $0.memoryRange.encloses(bytes) }) else {
            throw .segment(.notLoaded(header.id, bytes))
        }
        return TLSTemplate(
            fileRange: contents.fileRange, memoryRange: contents.memoryRange,
            alignment: contents.alignment)
    }

    /// Returns the addresses that are read-only after relocation, within one segment's pages: a
    /// linker may round the end up to the next page.
    func relro() throws(Problem) -> Range<UInt64>? {
        guard let header = try tables.only(.relro) else { return nil }
        let range = try header.memoryRange()
        if range.isEmpty { return nil }
        let segment = segments.first { $0.memoryRange.contains(range.lowerBound) }
        // The range may end at the last address of the 4 KiB page with the segment's last byte.
        guard let segment, range.upperBound - 1 <= (segment.memoryRange.upperBound - 1) | 0xfff
        else { throw .segment(.notLoaded(header.id, range)) }
        return range
    }
}
