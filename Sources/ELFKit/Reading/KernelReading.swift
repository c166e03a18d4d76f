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
    /// The protocols of other loaders that the file asks for.
    private var protocols: [BootProtocol] = []
    /// `nil` if any rule is broken.
    private(set) var kernel: KernelELF?

    init(_ file: KernelFile, _ problems: ProblemCollector) throws(Problem) {
        (self.file, self.problems) = (file, problems)
        guard let tables = try HeaderTables(reading: file, problems) else {
            protocols = try BootProtocol.headers(in: file)
            return
        }
        programHeaders = tables.programHeaders
        try read(tables)
    }

    /// Warnings about protocols, which a kernel with `.bootloader-config` need not have.
    var protocolWarnings: [ELFWarning] {
        configuration == nil ? protocols.map { .foreignProtocol($0) } : []
    }

    private mutating func read(_ tables: HeaderTables) throws(Problem) {
        let notes = try file.notes(of: tables)
        guard try problems.attempt(try tables.checkIsKernel(notes)) != nil else { return }
        let image = try image(tables)
        // Empty if there is no dynamic section.
        let dynamicRange = try problems.attempt(
            try tables.only(.dynamic)?.fileRange(fileByteCount: file.byteCount) ?? 0..<0)
        var dynamic: DynamicSection?
        if let dynamicRange, let image {
            dynamic = try file.dynamicSection(at: dynamicRange, in: image, problems)
        }
        let names = try problems.attempt(try tables.sectionNameRange().map(file.bytes) ?? [])
        var configurationRange: Range<UInt64>?
        if let names {
            debugByteCount = tables.debugByteCount(names: names)
            configurationRange = try problems.attempt(try tables.configurationRange(names: names))
            protocols = try BootProtocol.all(in: file, tables, names: names, notes: notes)
        }
        let tls = try problems.attempt(try image?.tls(problems))
        let relro = try problems.attempt(try image?.relro())
        var relocations: [RelocationTable]?
        if let dynamic, let image {
            relocations = try file.relocations(of: dynamic, in: image, problems)
        }
        if let configurationRange {
            configuration = try problems.attempt(try file.configuration(at: configurationRange))
        }
        // The problem with anything missing was reported.
        guard problems.isEmpty, let image, let dynamicRange, let relocations, let names else {
            return
        }
        // Segments contain the relocations and their symbols.
        let loaded = [
            tables.programHeaderTable, dynamicRange, tls?.fileRange, configurationRange,
        ]
        let ranges = loaded.compactMap { $0 } + image.segments.map(\.fileRange)
        kernel = KernelELF(
            fileByteCount: file.byteCount, kind: tables.kind, architecture: tables.architecture,
            entry: tables.header.entry, segments: image.segments, tls: tls, relro: relro,
            relocations: relocations, configuration: configuration,
            loadedFileRange: 0..<ranges.reduce(FileHeader.byteCount) { max($0, $1.upperBound) },
            strippedFile: try StrippedLayout(tables, names: names).map { layout throws(Problem) in
                try file.strippedFile(layout, tables)
            },
            warnings: tables.warnings(about: image.segments) + protocolWarnings)
    }

    /// Returns all segments; `nil` if any of their rules is broken.
    private func image(_ tables: HeaderTables) throws(Problem) -> LoadedImage? {
        guard let segments = try tables.loadSegments(problems) else { return nil }
        try problems.attempt(try tables.checkEntry(in: segments))
        return LoadedImage(segments: segments, tables: tables)
    }
}
