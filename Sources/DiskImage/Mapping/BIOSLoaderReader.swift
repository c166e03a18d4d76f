/// Finds the second part of this project's BIOS loader and its payload, by the boot sector.
struct BIOSLoaderReader<Source: DiskSource> {
    struct Loader {
        /// The second part, in bytes from the disk's start.
        let secondPart: Range<UInt64>
        /// The second part and, if there is one, the copy of the boot sector before it.
        let bytes: Range<UInt64>
        let payload: Verification.Payload
    }

    let source: Source

    private static var sectorByteCount: UInt64 { SectorSize.bytes512.byteCount.value }

    /// The size of conventional memory, below 640 KiB.
    private static var longestPart: UInt64 { 640 << 10 }

    /// Returns the loader; `nil` unless there is a payload header where the boot sector says.
    func loader(startedBy record: BootSector) throws(DiskReadError) -> Loader? {
        guard let parameters = BootParameters(in: record.sector),
            let payload = try payload(
                at: parameters.payloadHeader.value.multipliedSaturating(by: Self.sectorByteCount))
        else { return nil }
        let unit = UInt64(parameters.sectorByteCount)
        let start = parameters.firstSector.multipliedSaturating(by: unit)
        let length = UInt64(parameters.sectorCount) * unit
        guard length <= Self.longestPart, source.has(length, at: start) else { return nil }
        let part = start..<start + length
        let isCopied = try hasCopyOfBootSector(before: start)
        let first = isCopied ? start - Self.sectorByteCount : start
        return Loader(secondPart: part, bytes: first..<part.upperBound, payload: payload)
    }

    private func payload(at offset: UInt64) throws(DiskReadError) -> Verification.Payload? {
        guard source.has(UInt64(PayloadHeader.byteCount), at: offset) else { return nil }
        let header = try source.region("", PayloadHeader.byteCount, at: offset)
        guard header.number(at: 0) == PayloadHeader.signature else { return nil }
        // A map reports no faults; `Verification` does.
        let check = PayloadCheck(
            header: header, room: 0..<source.byteCount.value, findings: ImageFindings())
        return Verification.Payload(headerOffset: offset, items: check.items())
    }

    private func hasCopyOfBootSector(before start: UInt64) throws(DiskReadError) -> Bool {
        guard start >= 2 * Self.sectorByteCount else { return false }
        let own = try source.region("", BootParameters.offset, at: 0)
        let copy = try source.region("", BootParameters.offset, at: start - Self.sectorByteCount)
        return own.bytes == copy.bytes
    }
}
