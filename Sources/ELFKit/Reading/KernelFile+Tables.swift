extension KernelFile {
    /// Longest name of a library or symbol that an error quotes, in bytes.
    private static let stringByteCountLimit: UInt64 = 255

    /// Reads the dynamic section, if there is one, and refuses one that needs a dynamic linker.
    func dynamicSection(
        at fileRange: Range<UInt64>, in image: LoadedImage
    ) throws(ELFError.Problem) -> DynamicSection? {
        if fileRange.isEmpty { return nil }
        var section = DynamicSection()
        var isTerminated = false
        try forEachEntry(in: fileRange, ofByteCount: DynamicSection.entryByteCount) {
            (entry) throws(ELFError.Problem) in
            isTerminated = try !section.add(
                tag: entry.littleEndian(at: 0), value: entry.littleEndian(at: 8))
            return !isTerminated
        }
        guard isTerminated else {
            throw .dynamic(.unterminated(byteCount: fileRange.byteCount))
        }
        if let offset = section.neededLibrary {
            throw .dynamic(.needsLibrary(try string(at: offset, of: section, in: image)))
        }
        return section
    }

    /// The string at that offset in the string table; `nil` if it cannot be read, or is empty.
    func string(
        at offset: UInt64, of section: DynamicSection, in image: LoadedImage
    ) throws(ELFError.Problem) -> String? {
        guard let table = section[.stringTable],
            let prefix = Range(start: table, count: offset),
            let rest = image.fileRange(from: prefix.upperBound)
        else { return nil }
        let end = min(rest.lowerBound + Self.stringByteCountLimit, rest.upperBound)
        let string = try bytes(in: rest.lowerBound..<end).prefix { $0 != 0 }
        return string.isEmpty ? nil : String(decoding: string, as: UTF8.self)
    }

    /// The names of the sections, each ended by a zero; empty if they have none.
    func sectionNames(
        _ rules: SectionRules, at index: UInt16
    ) throws(ELFError.Problem) -> [UInt8] {
        guard !rules.headers.isEmpty, let range = try rules.nameTable(at: index) else { return [] }
        return try bytes(in: range)
    }

    /// Decodes the section at that place.
    func bootConfiguration(
        at range: Range<UInt64>
    ) throws(ELFError.Problem) -> BootConfiguration {
        guard range.byteCount <= BootConfiguration.byteCount else {
            throw .configuration(.byteCount(range.byteCount))
        }
        return try BootConfiguration(decoding: bytes(in: range))
    }
}
