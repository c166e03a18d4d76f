/// The rules of kernels that Multiboot or Multiboot2 places in physical memory.
enum MultibootRules {
    /// The end of what 32-bit protected mode addresses.
    static let memoryEnd: UInt64 = 1 << 32
    /// The load address that stands for the file's first byte in Multiboot2.
    private static let fromFileStart = UInt32.max

    /// Returns the file's bytes at the addresses of a header, as a segment of any permissions.
    static func segment(
        _ addresses: MultibootAddresses, headerOffset: UInt64, fileByteCount: UInt64
    ) throws(Problem) -> LoadSegment {
        let header = UInt64(addresses.header)
        // Without a load address, the file's first byte comes so far before the header.
        let (load, fileStart) =
            addresses.load == fromFileStart
            ? (header &- headerOffset, 0)
            : (UInt64(addresses.load), headerOffset &- (header &- UInt64(addresses.load)))
        let fileEnd =
            addresses.loadEnd == 0
            ? fileByteCount : fileStart &+ (UInt64(addresses.loadEnd) &- load)
        let end = max(load &+ (fileEnd &- fileStart), UInt64(addresses.zeroEnd))
        guard load <= header, fileStart <= headerOffset,
            addresses.loadEnd == 0 || addresses.loadEnd >= load,
            addresses.zeroEnd == 0 || addresses.zeroEnd >= addresses.loadEnd
        else { throw .multiboot(.addresses(addresses, headerOffset: headerOffset)) }
        guard fileEnd <= fileByteCount else {
            throw .multiboot(.fileTooShort(end: fileEnd, fileByteCount: fileByteCount))
        }
        guard end <= memoryEnd else {
            throw .multiboot(.aboveFourGiB(nil, address: load, byteCount: end - load))
        }
        return LoadSegment(
            index: 0, fileRange: fileStart..<fileEnd, memoryRange: load..<end, alignment: 1,
            permissions: .known)
    }

    /// Checks that the first instruction, and that for UEFI if there is one, is within the loaded
    /// bytes.
    static func checkEntry(
        _ entry: UInt64, forEFI efiEntry: UInt64?, in segments: [LoadSegment]
    ) throws(Problem) {
        for entry in [entry, efiEntry].compactMap(\.self) {
            guard segments.contains(where: { $0.memoryRange.contains(entry) }) else {
                throw .multiboot(.entryOutside(entry))
            }
        }
    }
}

extension HeaderTables {
    /// Returns the segments at their physical addresses, by ascending address; `nil` if any of
    /// their rules is broken.
    ///
    /// `tooHigh` is the problem with one that does not end below the limit.
    func physicalSegments(
        below limit: UInt64, _ problems: ProblemCollector, tooHigh: (ProgramHeader) -> Problem
    ) throws(Problem) -> [LoadSegment]? {
        let countBefore = problems.count
        var segments: [LoadSegment] = []
        for header in programHeaders where header.type == .load {
            let contents = try HeaderContents(header, fileByteCount: fileByteCount, problems)
            guard let contents, !contents.memoryRange.isEmpty else { continue }
            let range = Range(
                start: header.physicalAddress, count: header.memoryByteCount, limit: limit)
            guard let range else {
                try problems.report(tooHigh(header))
                continue
            }
            segments.append(
                LoadSegment(
                    index: header.index, fileRange: contents.fileRange, memoryRange: range,
                    alignment: contents.alignment,
                    permissions: .init(rawValue: header.flags).intersection(.known)))
        }
        segments.sort { $0.virtualAddress < $1.virtualAddress }
        try checkOverlap(segments, problems)
        try problems.expect(!segments.isEmpty, .segment(.nothingToLoad))
        return problems.count == countBefore ? segments : nil
    }

    /// The physical address of a virtual one; `nil` if no segment has it in that many bytes, those
    /// in memory or those in the file.
    func physicalAddress(
        of address: UInt64, within byteCount: (ProgramHeader) -> UInt64
    ) -> UInt64? {
        let segment = programHeaders.first {
            $0.type == .load && address >= $0.virtualAddress
                && address - $0.virtualAddress < byteCount($0)
        }
        return segment.map { $0.physicalAddress &+ (address - $0.virtualAddress) }
    }

    /// The physical address of the ELF header's entry point, by the segment that contains it.
    func physicalEntryPoint() throws(Problem) -> UInt64 {
        let entry = physicalAddress(of: header.entry, within: \.memoryByteCount)
        guard let entry else { throw .multiboot(.entryOutside(header.entry)) }
        return entry
    }
}
