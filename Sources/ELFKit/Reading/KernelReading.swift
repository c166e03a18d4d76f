/// The reading of one kernel's file, rule by rule.
///
/// A rule that depends on a broken one is not checked.
struct KernelReading {
    let file: KernelFile
    let problems: ProblemCollector
    /// All program headers; none if the ELF header is broken or not needed.
    private(set) var programHeaders: [ProgramHeader] = []
    /// Size of the debug sections in bytes.
    private(set) var debugByteCount: UInt64 = 0
    private(set) var configuration: KernelConfiguration?
    /// The protocols that the file asks for.
    private(set) var protocols: KernelProtocols
    /// The broken rules of the protocol that do not prevent loading.
    private var warnings: [ELFWarning] = []
    /// `nil` if any rule is broken.
    private(set) var kernel: KernelELF?

    init(
        _ file: KernelFile, _ problems: ProblemCollector, as selected: BootProtocol? = nil
    ) throws(Problem) {
        (self.file, self.problems) = (file, problems)
        let start = try file.bytes(in: 0..<min(KernelProtocols.searchedByteCount, file.byteCount))
        protocols = KernelProtocols(ofFileStartingWith: start.span.bytes)
        // A Multiboot header may locate the kernel instead of the ELF header.
        let sections = try KernelSections(reading: file)
        try sections.addEvidence(to: &protocols, in: file)
        let isSupported = protocols.select(selected, on: sections.tables?.architecture)
        try problems.expect(
            isSupported,
            .protocolNotRequested(protocols.selected, sections.tables?.architecture))
        if protocols.selected == .plain {
            warnings += MisplacedHeader.all(inFileStartingWith: start.span.bytes)
                .map { .multiboot(.misplaced($0)) }
            if let limine = protocols.limine, let first = limine.misaligned.first {
                warnings.append(.limine(.misaligned(count: limine.misaligned.count, first)))
            }
        }
        guard isSupported else { return }
        try report(protocols.multibootViolations)
        if let addresses = protocols.addresses, let offset = protocols.headerOffset {
            try read(addresses, headerOffset: offset)
            return
        }
        if protocols.selected == .arm64Image, !start.starts(with: FileHeader.magic) {
            kernel = try flatImageKernel()
            return
        }
        let is32Bit = start.starts(with: FileHeader.magic + [WordSize.bits32.rawValue])
        if is32Bit, start.count >= FileHeader.byteCount, !protocols.selected.isMultiboot {
            try problems.report(.header(.wordSize(WordSize.bits32.rawValue)))
            return
        }
        for problem in sections.problems { try problems.report(problem) }
        guard let tables = sections.tables else { return }
        programHeaders = tables.programHeaders
        debugByteCount = tables.debugByteCount(names: sections.names)
        guard sections.isKernel else { return }
        if protocols.selected.isMultiboot {
            try readMultiboot(tables, sections)
        } else if protocols.selected == .arm64Image {
            kernel = try imageKernel(
                tables, strippedFile: strippedFile(tables, sections))
        } else {
            try read(tables, sections)
        }
    }

    /// Warnings about the file's protocols, and about what it asks of them.
    var protocolWarnings: [ELFWarning] {
        let isSeveral = protocols.competing.count > 1
        let isPlain = protocols.selected == .plain
        let guess = protocols.competing.first.flatMap { $0.kind == .armMemory ? $0 : nil }
        return (isSeveral ? [.severalProtocols(protocols.competing)] : [])
            + (guess.map { [.guessedImage($0)] } ?? [])
            + (isPlain ? protocols.foreign.map { .foreignProtocol($0) } : []) + warnings
    }

    /// Reports the errors among broken rules, and keeps the warnings.
    private mutating func report(_ violations: [LimineViolation]) throws(Problem) {
        for violation in violations {
            if violation.finding.rule.severity == .error {
                try problems.report(.limine(violation))
            } else {
                warnings.append(.limine(violation))
            }
        }
    }

    /// Reports the errors among broken rules, and keeps the warnings.
    private mutating func report(_ violations: [MultibootViolation]) throws(Problem) {
        for violation in violations {
            if violation.finding.rule.severity == .error {
                try problems.report(.multiboot(violation))
            } else {
                warnings.append(.multiboot(violation))
            }
        }
    }

    private mutating func read(
        _ tables: HeaderTables, _ sections: KernelSections
    ) throws(Problem) {
        let limine = protocols.selected == .limine ? protocols.limine : nil
        try report(limine?.violations ?? [])
        let image = try image(tables)
        if let image, let limine {
            try report(limine.violations(in: image.segments, of: tables.kind))
        }
        // Empty if there is no dynamic section.
        let dynamicRange = try problems.attempt(
            try tables.only(.dynamic)?.fileRange(fileByteCount: file.byteCount) ?? 0..<0)
        var dynamic: DynamicSection?
        if let dynamicRange, let image {
            dynamic = try file.dynamicSection(at: dynamicRange, in: image, problems)
        }
        // Limine kernels make both themselves.
        let tls = limine == nil ? try problems.attempt(try image?.tls(problems)) : nil
        let relro = limine == nil ? try problems.attempt(try image?.relro()) : nil
        var relocations: [RelocationTable]?
        if let dynamic, let image {
            relocations = try file.relocations(of: dynamic, in: image, problems)
        }
        var configurationRange: Range<UInt64>?
        if protocols.selected == .bootloader {
            configurationRange = try problems.attempt(
                try tables.configurationRange(names: sections.names))
        }
        if let configurationRange {
            configuration = try problems.attempt(try file.configuration(at: configurationRange))
        }
        var requestsRange: Range<UInt64>?
        var requests: KernelRequests = []
        if limine == nil {
            requestsRange = try problems.attempt(
                try tables.requestsRange(names: sections.names))
        }
        if let requestsRange {
            requests = try problems.attempt(try file.requests(at: requestsRange)) ?? []
        }
        // The problem with anything missing was reported.
        guard problems.isEmpty, let image, let dynamicRange, let relocations else { return }
        // Segments contain the relocations and their symbols.
        let loaded = [
            tables.programHeaderTable, dynamicRange, tls?.fileRange, configurationRange,
            requestsRange,
        ]
        let ranges = loaded.compactMap { $0 } + image.segments.map(\.fileRange)
        kernel = KernelELF(
            fileByteCount: file.byteCount, bootProtocol: protocols.selected, kind: tables.kind,
            architecture: tables.architecture, wordSize: tables.wordSize,
            entry: tables.header.entry, segments: image.segments, tls: tls, relro: relro,
            relocations: relocations,
            configuration: configuration, requests: requests,
            loadedFileRange: 0..<ranges.reduce(FileHeader.byteCount) { max($0, $1.upperBound) },
            strippedFile: try strippedFile(tables, sections),
            warnings: tables.warnings(about: image.segments) + protocolWarnings)
    }

    /// Returns all segments; `nil` if any of their rules is broken.
    private func image(_ tables: HeaderTables) throws(Problem) -> LoadedImage? {
        guard let segments = try tables.loadSegments(problems) else { return nil }
        let hasEntryPoint = protocols.selected == .limine && protocols.limine?.hasEntryPoint == true
        if !hasEntryPoint { try problems.attempt(try tables.checkEntry(in: segments)) }
        return LoadedImage(segments: segments, tables: tables)
    }

    private func strippedFile(
        _ tables: HeaderTables, _ sections: KernelSections
    ) throws(Problem) -> StrippedFile? {
        guard tables.wordSize == .bits64 else { return nil }
        return try StrippedLayout(tables, names: sections.names).map { layout throws(Problem) in
            try file.strippedFile(layout, tables)
        }
    }
}

extension KernelReading {
    /// Reads a kernel whose segments a Multiboot loader places by physical addresses.
    private mutating func readMultiboot(
        _ tables: HeaderTables, _ sections: KernelSections
    ) throws(Problem) {
        if let section = tables.relocationSection {
            try report([MultibootViolation.relocations(sectionIndex: section)])
        }
        let segments = try tables.physicalSegments(below: MultibootRules.memoryEnd, problems) {
            .multiboot(
                .aboveFourGiB(
                    $0.id, address: $0.physicalAddress, byteCount: $0.memoryByteCount))
        }
        guard let segments else { return }
        try report(segments.flatMap { $0.lowMemoryViolations($0.id) })
        let entry = try problems.attempt(try entryPoint(of: tables))
        if let entry {
            try problems.attempt(
                try MultibootRules.checkEntry(
                    entry, forEFI: protocols.efiEntry, in: segments))
        }
        guard problems.isEmpty, let entry else { return }
        let end = segments.map(\.fileRange.upperBound).max() ?? 0
        kernel = KernelELF(
            fileByteCount: file.byteCount, bootProtocol: protocols.selected, kind: tables.kind,
            architecture: tables.architecture, wordSize: tables.wordSize, entry: entry,
            segments: segments, tls: nil, relro: nil, relocations: [], configuration: nil,
            requests: [],
            loadedFileRange: 0..<max(tables.programHeaderTable.upperBound, end),
            strippedFile: try strippedFile(tables, sections), warnings: protocolWarnings)
    }

    /// The physical entry point, by the Multiboot header or else by the ELF header.
    private func entryPoint(of tables: HeaderTables) throws(Problem) -> UInt64 {
        guard let entry = protocols.entry else { return try tables.physicalEntryPoint() }
        return UInt64(entry)
    }

    /// Reads a kernel whose bytes a Multiboot header places, whatever the file's format.
    private mutating func read(
        _ addresses: MultibootAddresses, headerOffset: UInt64
    ) throws(Problem) {
        let segment = try problems.attempt(
            try MultibootRules.segment(
                addresses, headerOffset: headerOffset, fileByteCount: file.byteCount))
        let entry = protocols.entry.map { UInt64($0) }
        try problems.expect(entry != nil, .multiboot(.entryMissing))
        guard let segment, let entry else { return }
        try report(segment.lowMemoryViolations(nil))
        try problems.attempt(
            try MultibootRules.checkEntry(entry, forEFI: protocols.efiEntry, in: [segment]))
        guard problems.isEmpty else { return }
        kernel = KernelELF(
            fileByteCount: file.byteCount, bootProtocol: protocols.selected, kind: .flat,
            architecture: .x86_64, wordSize: .bits32, entry: entry, segments: [segment], tls: nil,
            relro: nil, relocations: [], configuration: nil, requests: [],
            loadedFileRange: 0..<segment.fileRange.upperBound,
            strippedFile: nil, warnings: protocolWarnings)
    }
}
