extension ELFBuilder {
    /// A section with its name and contents.
    struct NamedSection: Sendable {
        var name: String
        var type: UInt32 = 1
        var flags: UInt64 = 0
        var link: UInt32 = 0
        var info: UInt32 = 0
        var alignment: UInt64 = 1
        var bytes: [UInt8] = []
    }

    /// Adds sections as linkers do: one after the other after the segments, then their names, then
    /// the table.
    ///
    /// A section in `skipped` keeps its name but has neither bytes nor a header, as if it had been
    /// removed.
    mutating func addSections(_ list: [NamedSection], skipping skipped: Set<String> = []) {
        var names: [UInt8] = [0]
        sections = [Section(type: 0)]
        for item in list + [NamedSection(name: ".shstrtab", type: 3)] {
            var (section, bytes) = (Section(type: 0), item.bytes)
            let name = UInt32(names.count)
            names += Array(item.name.utf8) + [0]
            if item.name == ".shstrtab" { bytes = names }
            if !skipped.contains(item.name) {
                pad(to: item.alignment)
                section = Section(
                    name: name, type: item.type, flags: item.flags, offset: UInt64(fileByteCount),
                    byteCount: UInt64(bytes.count), link: item.link, info: item.info,
                    alignment: item.alignment)
                contents.append((fileByteCount, bytes))
                fileByteCount += bytes.count
            }
            sections.append(section)
        }
        pad(to: 8)
        sectionNameIndex = UInt16(sections.count - 1)
        sectionHeaderOffset = UInt64(fileByteCount)
        fileByteCount += sections.count * 64
    }

    private mutating func pad(to alignment: UInt64) {
        let alignment = Int(max(alignment, 1))
        fileByteCount = (fileByteCount + alignment - 1) / alignment * alignment
    }
}
