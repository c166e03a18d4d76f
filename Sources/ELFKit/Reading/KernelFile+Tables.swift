extension KernelFile {
    /// Longest library name that an error quotes, in bytes.
    private static let libraryNameLimit: UInt64 = 255

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
            throw .dynamic(.needsLibrary(try libraryName(at: offset, of: section, in: image)))
        }
        return section
    }

    private func libraryName(
        at offset: UInt64, of section: DynamicSection, in image: LoadedImage
    ) throws(ELFError.Problem) -> String? {
        guard let table = section.stringTable,
            let prefix = Range(start: table, count: offset),
            let rest = image.fileRange(from: prefix.upperBound)
        else { return nil }
        let end = min(rest.lowerBound + Self.libraryNameLimit, rest.upperBound)
        let name = try bytes(in: rest.lowerBound..<end).prefix { $0 != 0 }
        return String(decoding: name, as: UTF8.self)
    }

    /// Goes through the relocations that the dynamic section names.
    func relocations(
        of section: DynamicSection?, in image: LoadedImage
    ) throws(ELFError.Problem) -> RelocationTable? {
        try section?.checkUnsupportedTables()
        guard let addresses = try section?.relocationAddresses() else { return nil }
        guard let table = image.fileRange(of: addresses) else {
            throw .dynamic(
                .tableNotLoaded(address: addresses.lowerBound, byteCount: addresses.byteCount))
        }
        var rules = RelocationRules(image)
        try forEachEntry(in: table, ofByteCount: Relocation.byteCount) {
            (entry) throws(ELFError.Problem) in
            try rules.check(Relocation(decoding: entry))
            return true
        }
        return RelocationTable(
            virtualAddress: addresses.lowerBound, fileRange: table,
            relativeCount: rules.relativeCount)
    }

    /// Where the section `.bootloader-config` is, if the kernel has it.
    func configurationRange(_ tables: HeaderTables) throws(ELFError.Problem) -> Range<UInt64>? {
        let rules = SectionRules(headers: tables.sectionHeaders, fileByteCount: byteCount)
        guard !tables.sectionHeaders.isEmpty,
            let names = try rules.nameTable(at: tables.header.sectionNameIndex)
        else { return nil }
        return try rules.configurationRange(names: bytes(in: names))
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
