extension KernelFile {
    /// Reads and checks the relocation tables that the dynamic section locates.
    func relocations(
        of section: DynamicSection, in image: LoadedImage, _ problems: ProblemCollector
    ) throws(Problem) -> [RelocationTable] {
        try problems.attempt(try section.checkUnsupportedTables())
        var tables: [RelocationTable] = []
        for kind in RelocationTable.Kind.allCases {
            let table = try problems.attempt(
                try relocations(kind, of: section, in: image, problems))
            if let table { tables.append(table) }
        }
        return tables
    }

    private func relocations(
        _ kind: RelocationTable.Kind, of section: DynamicSection, in image: LoadedImage,
        _ problems: ProblemCollector
    ) throws(Problem) -> RelocationTable? {
        guard let addresses = try section.addresses(of: kind) else { return nil }
        guard let range = image.fileRange(of: addresses) else {
            throw .dynamic(
                .tableNotLoaded(
                    kind, address: addresses.lowerBound, byteCount: addresses.byteCount))
        }
        var rules = RelocationRules(image)
        var symbols = SymbolTable(of: section, in: image, from: self)
        var id = RelocationID(kind, 0)
        try forEachEntry(in: range, ofByteCount: kind.entryByteCount) { (entry) throws(Problem) in
            do throws(Problem) {
                switch kind {
                case .rela, .procedureLinkage:
                    let relocation = Relocation(decoding: entry)
                    let type = try rules.check(relocation, id)
                    if type.usesSymbol { try symbols.check(relocation.symbol, for: id) }
                case .relr: try rules.checkPacked(entry.littleEndian(at: 0), id)
                }
            } catch {
                try problems.report(error)
            }
            id = RelocationID(kind, id.index + 1)
            return true
        }
        return RelocationTable(
            kind: kind, virtualAddress: addresses.lowerBound, fileRange: range,
            counts: rules.counts)
    }
}
