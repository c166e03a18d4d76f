public import SystemPackage

extension KernelELF {
    /// Reads a kernel's headers and tables, and checks all of them.
    ///
    /// - Parameter path: The ELF file. What is no regular file is refused without blocking.
    /// - Returns: What the loader needs to know.
    /// - Throws: The first rule that is broken; ``ELFError/isInputMissing`` if it cannot be opened.
    public static func load(_ path: FilePath) throws(ELFError) -> KernelELF {
        let descriptor: FileDescriptor
        do {
            // Without nonBlocking, a FIFO that nobody writes to would block.
            descriptor = try .open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch {
            let errno = error as? Errno ?? .ioError
            throw ELFError(file: path.string, problem: .cannotOpen(errno))
        }
        defer { try? descriptor.close() }
        return try load(from: descriptor, named: path.string)
    }

    /// Reads a kernel from an open descriptor, whose position is neither used nor changed.
    ///
    /// Only what is checked is read, and tables in blocks: memory does not grow with the file.
    ///
    /// - Parameters:
    ///   - descriptor: Open for reading; it stays open.
    ///   - name: What errors call the file.
    /// - Returns: What the loader needs to know.
    /// - Throws: The first rule that is broken.
    public static func load(
        from descriptor: FileDescriptor, named name: String
    ) throws(ELFError) -> KernelELF {
        do {
            return try KernelELF(reading: KernelFile(descriptor))
        } catch {
            throw ELFError(file: name, problem: error)
        }
    }

    private init(reading file: KernelFile) throws(ELFError.Problem) {
        let tables = try HeaderTables(reading: file)
        let headers = tables.programHeaders
        let rules = SegmentRules(kind: tables.kind, fileByteCount: file.byteCount)
        let image = try LoadedImage(
            segments: rules.loadSegments(among: headers), fileByteCount: file.byteCount)
        try SegmentRules.checkEntry(tables.header.entry, in: image.segments)

        let dynamicRange =
            try headers.only(.dynamic)?.fileRange(fileByteCount: file.byteCount) ?? 0..<0
        let dynamic = try file.dynamicSection(at: dynamicRange, in: image)
        let sections = SectionRules(headers: tables.sectionHeaders, fileByteCount: file.byteCount)
        let names = try file.sectionNames(sections, at: tables.header.sectionNameIndex)
        let configurationRange = try sections.configurationRange(names: names)

        fileByteCount = file.byteCount
        kind = tables.kind
        machine = .x86_64
        entry = tables.header.entry
        segments = image.segments
        tls = try image.tls(among: headers)
        relro = try image.relro(among: headers)
        relocations = try file.relocations(of: dynamic, in: image)
        bootConfiguration = try configurationRange.map(file.bootConfiguration)
        // The segments hold the relocations and their symbols.
        let others = [tables.programHeaderTable, dynamicRange, tls?.fileRange, configurationRange]
        loadedFileRange = Self.span(of: segments.map(\.fileRange) + others.compactMap { $0 })
        strippedFile = try StrippedLayout(tables, names: names, fileByteCount: file.byteCount)
            .map { layout throws(ELFError.Problem) in try file.strippedFile(layout, tables) }
        warnings = rules.warnings(about: segments, among: headers)
    }

    /// The range from the ELF header to the end of the last range.
    private static func span(of ranges: [Range<UInt64>]) -> Range<UInt64> {
        0..<ranges.reduce(FileHeader.byteCount) { max($0, $1.upperBound) }
    }
}
