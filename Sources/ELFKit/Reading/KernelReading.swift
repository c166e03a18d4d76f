/// One kernel's file, gone through rule by rule.
///
/// A rule that builds on what another one has refused is not tried.
struct KernelReading {
    let file: KernelFile
    let problems: ProblemCollector
    /// Every program header, if the ELF header is right.
    private(set) var segmentMap: [ProgramHeaderEntry] = []
    /// Size of the sections for debuggers.
    private(set) var debugByteCount: UInt64 = 0
    private(set) var configuration: KernelConfiguration?
    /// `nil` if any rule is broken.
    private(set) var kernel: KernelELF?

    init(_ file: KernelFile, _ problems: ProblemCollector) throws(ELFError.Problem) {
        (self.file, self.problems) = (file, problems)
        guard let tables = try HeaderTables(reading: file, problems) else { return }
        segmentMap = tables.segmentMap
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
        // Whatever is missing was reported.
        guard problems.isEmpty, let image, let dynamicRange, let special, let relocations, let names
        else { return }
        let stripped = StrippedLayout(tables, names: names, fileByteCount: file.byteCount)
        let rules = SegmentRules(tables, fileByteCount: file.byteCount)
        // The segments hold the relocations and their symbols.
        let others = [
            tables.programHeaderTable, dynamicRange, special.tls?.fileRange, configurationRange,
        ]
        kernel = KernelELF(
            fileByteCount: file.byteCount, kind: tables.kind,
            architecture: tables.architecture,
            entry: tables.header.entry, segments: image.segments, tls: special.tls,
            relro: special.relro, relocations: relocations, configuration: configuration,
            loadedFileRange: Self.span(
                of: image.segments.map(\.fileRange) + others.compactMap { $0 }),
            strippedFile: try stripped.map { layout throws(ELFError.Problem) in
                try file.strippedFile(layout, tables)
            },
            warnings: rules.warnings(
                about: image.segments, among: tables.programHeaders, entry: tables.header.entry))
    }

    /// The segments together, if all of them are right.
    private func image(_ tables: HeaderTables) throws(ELFError.Problem) -> LoadedImage? {
        let rules = SegmentRules(tables, fileByteCount: file.byteCount)
        let headers = tables.programHeaders
        let segments = try rules.loadSegments(among: headers, problems)
        guard let segments else { return nil }
        _ = try problems.attempt { () throws(ELFError.Problem) in
            try SegmentRules.checkEntry(tables.header.entry, in: segments, among: headers)
        }
        return LoadedImage(
            segments: segments, fileByteCount: file.byteCount, architecture: tables.architecture)
    }

    /// Where the dynamic section is, empty if there is none; `nil` if it is nowhere.
    private func dynamicRange(
        _ tables: HeaderTables
    ) throws(ELFError.Problem) -> Range<UInt64>? {
        try problems.attempt { () throws(ELFError.Problem) in
            try tables.programHeaders.only(.dynamic)?.fileRange(fileByteCount: file.byteCount)
                ?? 0..<0
        }
    }

    /// The dynamic section, empty if there is none; `nil` if it cannot be gone by.
    private func dynamicSection(
        at range: Range<UInt64>?, in image: LoadedImage?
    ) throws(ELFError.Problem) -> DynamicSection? {
        guard let range, let image else { return nil }
        return try file.dynamicSection(at: range, in: image, problems)
    }

    /// The names of the sections, each ended by a zero; empty if they have none.
    private func sectionNames(_ tables: HeaderTables) throws(ELFError.Problem) -> [UInt8]? {
        if tables.sectionHeaders.isEmpty { return [] }
        let rules = SectionRules(headers: tables.sectionHeaders, fileByteCount: file.byteCount)
        return try problems.attempt { () throws(ELFError.Problem) in
            let range = try rules.nameTable(at: tables.header.sectionNameIndex)
            return try range.map(file.bytes) ?? []
        }
    }

    /// Looks for the sections that matter, and returns where `.bootloader-config` is.
    private mutating func readSections(
        _ tables: HeaderTables, _ names: [UInt8]?
    ) throws(ELFError.Problem) -> Range<UInt64>? {
        guard let names else { return nil }
        let rules = SectionRules(headers: tables.sectionHeaders, fileByteCount: file.byteCount)
        debugByteCount = rules.debugByteCount(names: names)
        let configurationRange = try problems.attempt { () throws(ELFError.Problem) in
            try rules.configurationRange(names: names)
        }
        return configurationRange ?? nil
    }

    private func specialSegments(
        _ tables: HeaderTables, in image: LoadedImage?
    ) throws(ELFError.Problem) -> (tls: TLSTemplate?, relro: Range<UInt64>?)? {
        guard let image else { return nil }
        let tls = try problems.attempt { () throws(ELFError.Problem) in
            try image.tls(among: tables.programHeaders, problems)
        }
        let relro = try problems.attempt { () throws(ELFError.Problem) in
            try image.relro(among: tables.programHeaders)
        }
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
        return try problems.attempt { () throws(ELFError.Problem) in
            try file.configuration(at: range)
        }
    }

    /// The range from the ELF header to the end of the last range.
    private static func span(of ranges: [Range<UInt64>]) -> Range<UInt64> {
        0..<ranges.reduce(FileHeader.byteCount) { max($0, $1.upperBound) }
    }
}
