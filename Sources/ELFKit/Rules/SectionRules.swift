/// Finds the section that the loader needs, and the debug sections (gABI, "Sections").
///
/// Other sections are ignored, because the loader does not use them.
struct SectionRules {
    let headers: [SectionHeader]
    let fileByteCount: UInt64

    /// The maximum size of the section names in bytes; linkers write a few hundred.
    static let namesByteCountLimit: UInt64 = 1 << 20

    /// The name in the table of names, with its terminating zero.
    private static let configurationName = Array(".bootloader-config".utf8) + [0]

    /// Returns the range of the names; `nil` if there are none (`e_shstrndx` is `SHN_UNDEF`).
    func nameTable(at index: UInt16) throws(ELFError.Problem) -> Range<UInt64>? {
        if index == 0 { return nil }
        guard headers.indices.contains(Int(index)) else {
            throw .header(.sectionNameIndex(index, sectionCount: headers.count))
        }
        let table = headers[Int(index)]
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

    /// Returns the size of the debug sections in bytes.
    func debugByteCount(names: [UInt8]) -> UInt64 {
        headers.reduce(0) { sum, header in
            let name = names.dropFirst(Int(header.nameOffset))
            guard DebuggingSections.contain(name: name), header.type != SectionHeader.noBits,
                header.flags & SectionHeader.allocated == 0,
                Range(start: header.offset, count: header.byteCount, limit: fileByteCount) != nil
            else { return sum }
            // Sections may overlap, but the sum must not exceed the file.
            return min(sum + header.byteCount, fileByteCount)
        }
    }

    /// Returns the file range of `.bootloader-config`, of any size; `nil` if there is none.
    func configurationRange(names: [UInt8]) throws(ELFError.Problem) -> Range<UInt64>? {
        let indices = headers.indices.filter { index in
            names.dropFirst(Int(headers[index].nameOffset)).starts(with: Self.configurationName)
        }
        if indices.count > 1 { throw .configuration(.duplicate(sectionIndex: indices[1])) }
        guard let section = indices.first.map({ headers[$0] }) else { return nil }
        // A section without bytes in the file has the wrong size.
        let byteCount = section.type == SectionHeader.noBits ? 0 : section.byteCount
        let range = Range(start: section.offset, count: byteCount, limit: fileByteCount)
        guard let range else {
            throw .configuration(
                .outsideFile(
                    offset: section.offset, byteCount: byteCount, fileByteCount: fileByteCount))
        }
        return range
    }
}

/// Recognizes the sections that only debuggers read, by name.
enum DebuggingSections {
    /// DWARF, compressed or not, gdb's index, stabs, and lldb's Swift modules.
    ///
    /// A zero terminates a name in the table of names.
    private static let names = [
        ".debug_", ".zdebug_", ".gdb_index\0", ".stab\0", ".stabstr\0", ".stab.",
        ".swift_ast\0",
    ]

    /// The prefixes of these names, and of relocation sections for them.
    private static let prefixes = ["", ".rela", ".rel"].flatMap { prefix in
        names.map { Array((prefix + $0).utf8) }
    }

    /// Whether the bytes start with the name of a debug section.
    static func contain(name: some Collection<UInt8>) -> Bool {
        prefixes.contains { name.starts(with: $0) }
    }
}
