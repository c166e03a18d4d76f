extension KernelReading {
    /// Reads an ELF file whose segments are placed by physical addresses.
    func imageKernel(
        _ tables: HeaderTables, strippedFile: StrippedFile?
    ) throws(Problem) -> KernelELF? {
        let segments = try tables.physicalSegments(below: ImageViolation.memoryEnd, problems) {
            .image(.tooHigh($0.id, address: $0.physicalAddress, byteCount: $0.memoryByteCount))
        }
        guard let segments else { return nil }
        let entry = tables.physicalAddress(of: tables.header.entry, within: \.fileByteCount)
        try problems.expect(entry != nil, .image(.entryOutside(tables.header.entry)))
        guard problems.isEmpty, let entry else { return nil }
        let end = segments.map(\.fileRange.upperBound).max() ?? 0
        return KernelELF(
            fileByteCount: file.byteCount, bootProtocol: .arm64Image, kind: tables.kind,
            architecture: tables.architecture, wordSize: tables.wordSize, entry: entry,
            segments: segments, tls: nil, relro: nil, relocations: [], configuration: nil,
            requests: [],
            loadedFileRange: 0..<max(tables.programHeaderTable.upperBound, end),
            strippedFile: strippedFile, warnings: protocolWarnings)
    }

    /// Reads a flat file, which is placed above a multiple of 2 MiB.
    func flatImageKernel() throws(Problem) -> KernelELF? {
        let range = try problems.attempt(
            try ImageRules.memoryRange(protocols.image, fileByteCount: file.byteCount))
        guard let range else { return nil }
        let segment = LoadSegment(
            index: 0, fileRange: 0..<file.byteCount, memoryRange: range, alignment: 1,
            permissions: .known)
        return KernelELF(
            fileByteCount: file.byteCount, bootProtocol: .arm64Image, kind: .flat,
            architecture: .aarch64, wordSize: .bits64, entry: range.lowerBound,
            segments: [segment], tls: nil, relro: nil, relocations: [], configuration: nil,
            requests: [], loadedFileRange: 0..<file.byteCount, strippedFile: nil,
            warnings: protocolWarnings)
    }
}
