/// Reads the logical partitions in an extended partition of an MBR: a chain of records with one
/// partition each and the place of the next record.
struct LogicalPartitionReader<Source: DiskSource> {
    struct Chain {
        /// The partitions, numbered from 5, as Linux does.
        var entries: [BootSector.Entry] = []
        /// The records, in bytes from the disk's start.
        var records: [UInt64] = []
        /// Why the chain could not be followed to its end.
        var fault: (offset: UInt64, found: String)?
    }

    let source: Source

    /// More than Linux supports.
    private static var maximumRecords: Int { 256 }
    private static var unit: UInt64 { SectorSize.bytes512.byteCount.value }

    /// Follows the chain of the first extended partition; damaged records may lead anywhere.
    func chain(from record: BootSector) throws(DiskReadError) -> Chain {
        var chain = Chain()
        guard let extended = record.entries.first(where: \.isExtended) else { return chain }
        var next: UInt64? = extended.start
        while let sector = next {
            next = nil
            let offset = sector * Self.unit
            let isInside = (extended.start..<max(extended.end, extended.start)).contains(sector)
            guard isInside, source.has(Self.unit, at: offset) else {
                chain.fault = (offset, "outside of it")
                break
            }
            guard !chain.records.contains(offset), chain.records.count < Self.maximumRecords else {
                chain.fault = (offset, "a chain without an end")
                break
            }
            let region = try source.region(
                "extended boot record", MasterBootRecord.byteCount, at: offset)
            let found = BootSector(region)
            guard found.hasSignature else {
                chain.fault = (offset, "no 55 AA")
                break
            }
            chain.records.append(offset)
            for entry in found.entries.prefix(2) where entry.isUsed {
                if entry.isExtended {
                    next = extended.start + UInt64(entry.first)
                } else {
                    chain.entries.append(
                        BootSector.Entry(
                            number: chain.entries.count + 5, region: entry.region, base: sector))
                }
            }
        }
        return chain
    }
}
