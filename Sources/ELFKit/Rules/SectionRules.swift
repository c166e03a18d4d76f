/// Finds the section that the loader needs, and the debug sections (gABI, "Sections").
///
/// Other sections are ignored, because the loader does not use them.
extension HeaderTables {
    /// The maximum size of the section names in bytes; linkers write a few hundred.
    private static let namesByteCountLimit: UInt64 = 1 << 20

    /// The name in the table of names, with its terminating zero.
    static let configurationName = Array(".bootloader-config".utf8) + [0]
    private static let requestsName = Array(".bootimage-requests".utf8) + [0]

    /// Returns the range of the section names, each terminated by a zero; `nil` if there are none
    /// (`e_shstrndx` is `SHN_UNDEF`).
    func sectionNameRange() throws(Problem) -> Range<UInt64>? {
        let index = header.sectionNameIndex
        if sectionHeaders.isEmpty || index == 0 { return nil }
        guard sectionHeaders.indices.contains(Int(index)) else {
            throw .header(.sectionNameIndex(index, sectionCount: sectionHeaders.count))
        }
        let table = sectionHeaders[Int(index)]
        let range = try HeaderRules.range(
            of: .sectionNames, at: table.offset, byteCount: table.byteCount,
            fileByteCount: fileByteCount)
        guard range.byteCount <= Self.namesByteCountLimit else {
            throw .header(
                .sectionNamesTooLarge(
                    byteCount: range.byteCount, limit: Self.namesByteCountLimit))
        }
        return range
    }

    /// Checks that the file is neither a program for Linux nor a debug file: what
    /// `objcopy --only-keep-debug` and `eu-strip -f` write has all headers of the kernel, but only
    /// the bytes of its debug sections.
    func checkIsKernel(_ notes: [Note]) throws(Problem) {
        if let note = notes.first(where: \.isForLinux) {
            throw .segment(.linuxProgram(noteOffset: note.offset))
        }
        let code = sectionHeaders.indices.filter { sectionHeaders[$0].isCode }
        guard let first = code.first, code.allSatisfy({ sectionHeaders[$0].hasNoBytes }) else {
            return
        }
        throw .header(.debugFile(sectionIndex: first))
    }

    /// Returns the size of the debug sections in bytes.
    func debugByteCount(names: [UInt8]) -> UInt64 {
        sectionHeaders.reduce(0) { sum, section in
            guard section.isForDebugging(names: names), !section.hasNoBytes,
                !section.isLoaded, section.fileRange(fileByteCount: fileByteCount) != nil
            else { return sum }
            // Sections may overlap, but the sum must not exceed the file.
            return min(sum + section.byteCount, fileByteCount)
        }
    }

    /// Returns the indices of the sections with that name, which ends in a zero.
    func sections(named name: [UInt8], names: [UInt8]) -> [Int] {
        sectionHeaders.indices.filter {
            sectionHeaders[$0].name(in: names).starts(with: name)
        }
    }

    /// Returns the offset in the file of the first section with that name; `nil` without one.
    func section(named name: [UInt8], names: [UInt8]) -> UInt64? {
        sections(named: name, names: names).first.map { sectionHeaders[$0].offset }
    }

    /// Returns the file range of `.bootloader-config`, of any size; `nil` if there is none.
    func configurationRange(names: [UInt8]) throws(Problem) -> Range<UInt64>? {
        let indices = sections(named: Self.configurationName, names: names)
        if indices.count > 1 { throw .configuration(.duplicate(sectionIndex: indices[1])) }
        guard let section = indices.first.map({ sectionHeaders[$0] }) else { return nil }
        // A section without bytes in the file has the wrong size.
        let byteCount = section.hasNoBytes ? 0 : section.byteCount
        let range = Range(start: section.offset, count: byteCount, limit: fileByteCount)
        guard let range else {
            throw .configuration(
                .outsideFile(
                    offset: section.offset, byteCount: byteCount, fileByteCount: fileByteCount))
        }
        return range
    }

    /// Returns the file range of `.bootimage-requests`; `nil` if there is none.
    func requestsRange(names: [UInt8]) throws(Problem) -> Range<UInt64>? {
        let indices = sections(named: Self.requestsName, names: names)
        if indices.count > 1 { throw .requests(.duplicate(sectionIndex: indices[1])) }
        guard let section = indices.first.map({ sectionHeaders[$0] }) else { return nil }
        let byteCount = section.hasNoBytes ? 0 : section.byteCount
        guard byteCount == KernelRequests.byteCount,
            let range = section.fileRange(fileByteCount: fileByteCount)
        else { throw .requests(.byteCount(byteCount)) }
        return range
    }
}

extension SectionHeader {
    /// The start of the names of the sections that only debuggers read: DWARF, compressed or not,
    /// gdb's index, stabs, and lldb's Swift modules.
    ///
    /// A zero terminates a name in the table of names.
    private static let debuggingNames = [
        ".debug_", ".zdebug_", ".gdb_index\0", ".stab\0", ".stabstr\0", ".stab.", ".swift_ast\0",
    ]

    /// The prefixes of these names, and of relocation sections for them.
    private static let debuggingPrefixes = ["", ".rela", ".rel"].flatMap { prefix in
        debuggingNames.map { Array((prefix + $0).utf8) }
    }

    /// Whether the section's name is one of these.
    func isForDebugging(names: [UInt8]) -> Bool {
        let name = name(in: names)
        return Self.debuggingPrefixes.contains { name.starts(with: $0) }
    }

    /// The name in the table of names, with all that follows.
    fileprivate func name(in names: [UInt8]) -> ArraySlice<UInt8> {
        names.dropFirst(Int(nameOffset))
    }

    /// Whether it is in memory when the kernel runs.
    var isLoaded: Bool { flags & Self.allocated != 0 }

    /// Whether it is in memory and contains code.
    fileprivate var isCode: Bool { isLoaded && flags & Self.code != 0 && byteCount > 0 }

    /// Whether its size is only that in memory.
    fileprivate var hasNoBytes: Bool { type == Self.noBits }

    /// The range in the file; `nil` if it is not within the file.
    func fileRange(fileByteCount: UInt64) -> Range<UInt64>? {
        Range(start: offset, count: byteCount, limit: fileByteCount)
    }
}
