extension KernelFile {
    /// Reads and checks the relocation tables that the dynamic section locates.
    func relocations(
        of section: DynamicSection, in image: LoadedImage, _ problems: ProblemCollector
    ) throws(ELFError.Problem) -> [RelocationTable] {
        try problems.attempt(try section.checkUnsupportedTables())
        var tables: [RelocationTable] = []
        for kind in RelocationTable.Kind.allCases {
            let table = try problems.attempt(
                try relocations(kind, of: section, in: image, problems))
            if let table = table ?? nil { tables.append(table) }
        }
        return tables
    }

    private func relocations(
        _ kind: RelocationTable.Kind, of section: DynamicSection, in image: LoadedImage,
        _ problems: ProblemCollector
    ) throws(ELFError.Problem) -> RelocationTable? {
        guard let addresses = try section.addresses(of: kind) else { return nil }
        guard let range = image.fileRange(of: addresses) else {
            throw .dynamic(
                .tableNotLoaded(
                    kind, address: addresses.lowerBound, byteCount: addresses.byteCount))
        }
        let counts =
            switch kind {
            case .rela, .procedureLinkage:
                try countRelocations(
                    kind, at: range, in: image,
                    symbols: SymbolTable(of: section, in: image, from: self), problems)
            case .relr: try countPackedRelocations(at: range, in: image, problems)
            }
        return RelocationTable(
            kind: kind, virtualAddress: addresses.lowerBound, fileRange: range, counts: counts)
    }

    /// Checks and counts relocations with addends.
    private func countRelocations(
        _ kind: RelocationTable.Kind, at range: Range<UInt64>, in image: LoadedImage,
        symbols: consuming SymbolTable, _ problems: ProblemCollector
    ) throws(ELFError.Problem) -> [RelocationType: UInt64] {
        var rules = RelocationRules(image)
        var id = RelocationID(kind, 0)
        try forEachEntry(in: range, ofByteCount: kind.entryByteCount) {
            (entry) throws(ELFError.Problem) in
            do throws(ELFError.Problem) {
                let relocation = Relocation(decoding: entry)
                let type = try rules.check(relocation, id)
                if type.usesSymbol { try symbols.check(relocation.symbol, for: id) }
            } catch {
                try problems.report(error)
            }
            id = id.next
            return true
        }
        return rules.counts
    }

    /// Unpacks, checks and counts relative relocations.
    private func countPackedRelocations(
        at range: Range<UInt64>, in image: LoadedImage, _ problems: ProblemCollector
    ) throws(ELFError.Problem) -> [RelocationType: UInt64] {
        var rules = PackedRelocationRules(image)
        var id = RelocationID(.relr, 0)
        try forEachEntry(in: range, ofByteCount: Relocation.packedByteCount) {
            (entry) throws(ELFError.Problem) in
            do throws(ELFError.Problem) {
                try rules.check(entry.littleEndian(at: 0), id)
            } catch {
                try problems.report(error)
            }
            id = id.next
            return true
        }
        return [.relative: rules.count]
    }
}
