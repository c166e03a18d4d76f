/// Finds the rest of this project's loader for BIOS, and its payload, by what the boot sector says.
struct BIOSLoaderReader<Source: DiskSource> {
    /// A loader with the payload that it would load.
    struct Loader {
        /// The second part, in bytes from the disk's start.
        let secondPart: Range<UInt64>
        /// The same, with a copy of the boot sector before it if there is one.
        let bytes: Range<UInt64>
        let payload: Verification.Payload
    }

    let source: Source

    private static var sectorByteCount: UInt64 { SectorSize.bytes512.byteCount.value }

    /// What there is below 1 MiB of memory.
    private static var longestPart: UInt64 { 640 << 10 }

    /// The loader; `nil` if there is no payload header where the boot sector says.
    func loader(startedBy sector: BootSector) throws(DiskReadError) -> Loader? {
        guard let parameters = sector.parameters,
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
        // What is wrong with it is told by those who check it.
        var findings = ImageFindings()
        let items = PayloadCheck(header: header, room: 0..<source.byteCount.value)
            .items(&findings)
        return Verification.Payload(
            headerOffset: offset,
            items: items.map { Verification.Payload.Item(kind: $0.kind, bytes: $0.range) })
    }

    private func hasCopyOfBootSector(before start: UInt64) throws(DiskReadError) -> Bool {
        guard start >= 2 * Self.sectorByteCount else { return false }
        let own = try source.region("", BootParameters.offset, at: 0)
        let copy = try source.region("", BootParameters.offset, at: start - Self.sectorByteCount)
        return own.bytes == copy.bytes
    }
}
