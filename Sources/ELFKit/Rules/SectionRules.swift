/// Finds the one section that the loader needs, and those for debuggers (gABI, "Sections").
///
/// Other sections are not looked at: they are not loaded, so what they say does not matter.
struct SectionRules {
    let headers: [SectionHeader]
    let fileByteCount: UInt64

    /// Linkers make a few hundred bytes of section names; far more is not one's doing.
    static let namesByteCountLimit: UInt64 = 1 << 20

    /// The name as it is in the table of names.
    private static let configurationName = Array(".bootloader-config".utf8) + [0]

    /// Where the names are; `nil` if the sections have none (`e_shstrndx` is `SHN_UNDEF`).
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

    /// Size of the sections that nobody but a debugger reads.
    func debugByteCount(names: [UInt8]) -> UInt64 {
        headers.reduce(0) { sum, header in
            let name = names.dropFirst(Int(header.nameOffset))
            guard DebuggingSections.contain(name: name), header.type != SectionHeader.noBits,
                header.flags & SectionHeader.allocated == 0,
                Range(start: header.offset, count: header.byteCount, limit: fileByteCount) != nil
            else { return sum }
            // Sections may overlap, but there is not more to leave out than there is.
            return min(sum + header.byteCount, fileByteCount)
        }
    }

    /// Where the contents of `.bootloader-config` are; of a wrong size, where the first bytes are.
    func configurationRange(names: [UInt8]) throws(ELFError.Problem) -> Range<UInt64>? {
        let indices = headers.indices.filter { index in
            names.dropFirst(Int(headers[index].nameOffset)).starts(with: Self.configurationName)
        }
        if indices.count > 1 { throw .configuration(.duplicate(sectionIndex: indices[1])) }
        guard let section = indices.first.map({ headers[$0] }) else { return nil }
        // A section without bytes in the file is one of the wrong size.
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
