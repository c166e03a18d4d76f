/// The reading of one kernel's file, rule by rule.
///
/// A rule that depends on a broken one is not checked.
struct KernelReading {
    let file: KernelFile
    let problems: ProblemCollector
    /// All program headers; none if the ELF header is broken.
    private(set) var programHeaders: [ProgramHeader] = []
    /// Size of the debug sections in bytes.
    private(set) var debugByteCount: UInt64 = 0
    private(set) var configuration: KernelConfiguration?
    /// `nil` if any rule is broken.
    private(set) var kernel: KernelELF?

    init(_ file: KernelFile, _ problems: ProblemCollector) throws(ELFError.Problem) {
        (self.file, self.problems) = (file, problems)
        guard let tables = try HeaderTables(reading: file, problems) else { return }
        programHeaders = tables.programHeaders
        try read(tables)
    }

    private mutating func read(_ tables: HeaderTables) throws(ELFError.Problem) {
        let image = try image(tables)
        let dynamicRange = try dynamicRange(tables)
        let dynamic = try dynamicSection(at: dynamicRange, in: image)
        let names = try sectionNames(tables)
        let configurationRange = try readSections(tables, names)
        let special = try specialSegments(tables, in: image)
        let relocations = try relocations(of: dynamic, in: image)
        configuration = try configuration(at: configurationRange)
        // The problem with anything missing was reported.
        guard problems.isEmpty, let image, let dynamicRange, let special, let relocations, let names
        else { return }
        let stripped = StrippedLayout(tables, names: names, fileByteCount: file.byteCount)
        let rules = SegmentRules(tables, fileByteCount: file.byteCount)
        // Segments contain the relocations and their symbols.
        let others = [
            tables.programHeaderTable, dynamicRange, special.tls?.fileRange, configurationRange,
        ]
        kernel = KernelELF(
            fileByteCount: file.byteCount, kind: tables.kind,
            architecture: tables.architecture, entry: tables.header.entry, segments: image.segments,
            tls: special.tls,
            relro: special.relro, relocations: relocations, configuration: configuration,
            loadedFileRange: Self.span(
                of: image.segments.map(\.fileRange) + others.compactMap { $0 }),
            strippedFile: try stripped.map { layout throws(ELFError.Problem) in
                try file.strippedFile(layout, tables)
            },
            warnings: rules.warnings(
                about: image.segments, among: tables.programHeaders, entry: tables.header.entry))
    }

    /// Returns all segments; `nil` if any rule is broken.
    private func image(_ tables: HeaderTables) throws(ELFError.Problem) -> LoadedImage? {
        let rules = SegmentRules(tables, fileByteCount: file.byteCount)
        let headers = tables.programHeaders
        let segments = try rules.loadSegments(among: headers, problems)
        guard let segments else { return nil }
        try problems.attempt(
            try SegmentRules.checkEntry(tables.header.entry, in: segments, among: headers))
        return LoadedImage(
            segments: segments, fileByteCount: file.byteCount, architecture: tables.architecture)
    }

    /// Returns the file range of the dynamic section, empty if there is none; `nil` if it is
    /// invalid.
    private func dynamicRange(
        _ tables: HeaderTables
    ) throws(ELFError.Problem) -> Range<UInt64>? {
        try problems.attempt(
            try tables.programHeaders.only(.dynamic)?.fileRange(fileByteCount: file.byteCount)
                ?? 0..<0)
    }

    /// Returns the dynamic section, empty if there is none; `nil` if it is invalid.
    private func dynamicSection(
        at range: Range<UInt64>?, in image: LoadedImage?
    ) throws(ELFError.Problem) -> DynamicSection? {
        guard let range, let image else { return nil }
        return try file.dynamicSection(at: range, in: image, problems)
    }

    /// Returns the section names, each terminated by a zero; empty if there are none.
    private func sectionNames(_ tables: HeaderTables) throws(ELFError.Problem) -> [UInt8]? {
        if tables.sectionHeaders.isEmpty { return [] }
        let rules = SectionRules(headers: tables.sectionHeaders, fileByteCount: file.byteCount)
        return try problems.attempt(
            try rules.nameTable(at: tables.header.sectionNameIndex).map(file.bytes) ?? [])
    }

    /// Measures the debug sections and returns the file range of `.bootloader-config`.
    private mutating func readSections(
        _ tables: HeaderTables, _ names: [UInt8]?
    ) throws(ELFError.Problem) -> Range<UInt64>? {
        guard let names else { return nil }
        let rules = SectionRules(headers: tables.sectionHeaders, fileByteCount: file.byteCount)
        debugByteCount = rules.debugByteCount(names: names)
        return try problems.attempt(try rules.configurationRange(names: names)) ?? nil
    }

    private func specialSegments(
        _ tables: HeaderTables, in image: LoadedImage?
    ) throws(ELFError.Problem) -> (tls: TLSTemplate?, relro: Range<UInt64>?)? {
        guard let image else { return nil }
        let tls = try problems.attempt(try image.tls(among: tables.programHeaders, problems))
        let relro = try problems.attempt(try image.relro(among: tables.programHeaders))
        return (tls ?? nil, relro ?? nil)
    }

    private func relocations(
        of section: DynamicSection?, in image: LoadedImage?
    ) throws(ELFError.Problem) -> [RelocationTable]? {
        guard let section, let image else { return nil }
        return try file.relocations(of: section, in: image, problems)
    }

    private func configuration(
        at range: Range<UInt64>?
    ) throws(ELFError.Problem) -> KernelConfiguration? {
        guard let range else { return nil }
        return try problems.attempt(try file.configuration(at: range))
    }

    /// Returns the range from the ELF header to the end of the last of these ranges.
    private static func span(of ranges: [Range<UInt64>]) -> Range<UInt64> {
        0..<ranges.reduce(FileHeader.byteCount) { max($0, $1.upperBound) }
    }
}
