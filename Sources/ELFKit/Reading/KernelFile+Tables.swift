extension KernelFile {
    /// The maximum length, in bytes, of a library's or symbol's name in an error.
    private static let stringByteCountLimit: UInt64 = 255

    /// Reads the dynamic section and refuses one that requires a dynamic linker.
    ///
    /// - Returns: `nil` if any rule is broken; an empty section if the kernel has none.
    func dynamicSection(
        at fileRange: Range<UInt64>, in image: LoadedImage, _ problems: ProblemCollector
    ) throws(Problem) -> DynamicSection? {
        if fileRange.isEmpty { return DynamicSection() }
        let countBefore = problems.count
        var section = DynamicSection()
        var isTerminated = false
        try forEachEntry(in: fileRange, ofByteCount: DynamicSection.entryByteCount) {
            (entry) throws(Problem) in
            let (tag, value): (UInt64, UInt64) = (
                entry.littleEndian(at: 0), entry.littleEndian(at: 8)
            )
            do throws(Problem) {
                isTerminated = try !section.add(tag: tag, value: value)
            } catch {
                try problems.report(error)
            }
            return !isTerminated
        }
        try problems.expect(
            isTerminated, .dynamic(.unterminated(byteCount: fileRange.byteCount)))
        if let offset = section.neededLibrary {
            let name = try string(at: offset, of: section, in: image)
            try problems.report(.dynamic(.needsLibrary(name)))
        }
        return problems.count == countBefore ? section : nil
    }

    /// Reads the string at that offset in the string table; `nil` if it is not loaded or empty.
    func string(
        at offset: UInt64, of section: DynamicSection, in image: LoadedImage
    ) throws(Problem) -> String? {
        guard let table = section[.stringTable],
            let prefix = Range(start: table, count: offset),
            let rest = image.fileRange(from: prefix.upperBound)
        else { return nil }
        return try text(in: rest, limit: Self.stringByteCountLimit)
    }

    /// Decodes the section `.bootimage-requests` in that range.
    func requests(at range: Range<UInt64>) throws(Problem) -> KernelRequests {
        let section = try bytes(in: range)
        let requests = KernelRequests(rawValue: section.span.bytes.littleEndian(at: 0))
        guard requests.isSubset(of: .all) else { throw .requests(.unknown(requests)) }
        return requests
    }

    /// Decodes the section `.bootloader-config` in that range.
    func configuration(at range: Range<UInt64>) throws(Problem) -> KernelConfiguration {
        guard range.byteCount <= KernelConfiguration.byteCount else {
            throw .configuration(.byteCount(range.byteCount))
        }
        let section = try bytes(in: range)
        do throws(ConfigurationViolation) {
            return try KernelConfiguration(decoding: section)
        } catch {
            throw .configuration(error)
        }
    }
}
