/// Checks a FAT volume: boot sector, FATs, folders, and what the FSInfo sector says of them.
struct FATCheck<Source: DiskSource> {
    let source: Source
    let parameters: FATParameters
    private let boot: FATBootCheck<Source>

    /// How much of the two FATs is compared at a time, in bytes.
    private static var comparedAtOnce: UInt64 { 1 << 20 }

    init(_ source: Source, _ boot: FATBootCheck<Source>) {
        self.source = source
        self.boot = boot
        parameters = boot.parameters
    }

    /// The files; `nil` if the boot sector does not tell where they are.
    func contents(
        _ findings: inout ImageFindings
    ) throws(DiskReadError) -> FATVolumeContents? {
        guard try boot.check(&findings) else { return nil }
        try compareCopies(&findings)
        var table = try readTable()
        table.checkFirstEntries(medium: parameters.medium, &findings)
        var walk = FATFolderWalk(source: source, parameters: parameters, table: table)
        try walk.run(&findings)
        table = walk.table
        table.checkLost(&findings)
        if parameters.is32 { try checkInfo(table, &findings) }
        checkLabel(walk.label, &findings)
        return FATVolumeContents(
            offset: parameters.boot.offset,
            byteCount: parameters.total * parameters.sectorByteCount,
            type: parameters.type,
            volumeID: parameters.hasExtendedFields
                ? parameters.boot.number(at: parameters.volumeIDOffset) : 0,
            label: walk.label, clusterByteCount: parameters.clusterByteCount,
            clusterCount: parameters.clusterCount,
            dataOffset: parameters.offset(ofCluster: ClusterNumber.first.rawValue),
            files: walk.files, folders: walk.folders,
            unowned: table.unownedRuns.map { run in
                FATVolumeContents.Unowned(mark: run.mark, bytes: parameters.bytes(of: run.clusters))
            })
    }

    private var tableOffset: UInt64 {
        parameters.boot.offset + parameters.reserved * parameters.sectorByteCount
    }

    private func readTable() throws(DiskReadError) -> FATTable {
        let type = parameters.type
        let count = parameters.clusterCount
        // One byte more: the last pair of 12-bit entries ends in it.
        let byteCount = (count + 2) * type.entryBitCount / 8 + 1
        let region = try source.region("FAT 1", Int(byteCount), at: tableOffset)
        return FATTable(region, type: type, clusterCount: count)
    }

    private func compareCopies(_ findings: inout ImageFindings) throws(DiskReadError) {
        guard parameters.copies == 2 else { return }
        let length = parameters.fatSectors * parameters.sectorByteCount
        for start in stride(from: 0, to: length, by: Int(Self.comparedAtOnce)) {
            let count = Int(min(Self.comparedAtOnce, length - start))
            let first = try source.region("FAT 1", count, at: tableOffset + start)
            let second = try source.region("FAT 2", count, at: tableOffset + length + start)
            guard first.bytes != second.bytes,
                let field = first.bytes.indices.first(where: {
                    first.bytes[$0] != second.bytes[$0]
                })
            else { continue }
            return findings.expect(
                false, .fatCopiesDiffer, second, at: field, found: hex(second.bytes[field]),
                allowed: "\(hex(first.bytes[field])), as in FAT 1")
        }
    }

    /// What a driver believes about free clusters (FAT 1.03 §5).
    private func checkInfo(
        _ table: FATTable, _ findings: inout ImageFindings
    ) throws(DiskReadError) {
        let number = parameters.infoSector
        if number == 0 || number == 0xFFFF { return }
        let info = try source.region(
            FSInfo.name, FSInfo.byteCount,
            at: parameters.boot.offset + number * parameters.sectorByteCount)
        findings.expect(.fatInfoSignature, info, at: 0, is: FSInfo.leadSignature)
        findings.expect(.fatInfoSignature, info, at: 484, is: FSInfo.structureSignature)
        findings.expect(.fatInfoSignature, info, at: 508, is: FSInfo.trailSignature)
        let free: UInt32 = info.number(at: 488)
        findings.expect(
            free == .max || Int(free) == table.freeCount, .fatFreeCount, info, at: 488,
            found: "\(free)", allowed: "\(table.freeCount)")
        let next: UInt32 = info.number(at: 492)
        findings.expect(
            next == .max || (next >= 2 && Int(next) < table.entries.count), .fatNextFree, info,
            at: 492, found: "\(next)", allowed: "2…\(table.entries.count - 1)")
    }

    /// The name in the boot sector against the one in the root folder.
    private func checkLabel(_ label: String?, _ findings: inout ImageFindings) {
        guard parameters.hasExtendedFields else { return }
        let found = VolumeLabel(
            decoding: parameters.boot.bytes[parameters.labelOffset...].prefix(11)
        ).description
        let unnamed = ["NO NAME", ""]
        if label == nil && unnamed.contains(found) { return }
        findings.expect(
            found == label, .fatLabel, parameters.boot, at: parameters.labelOffset,
            found: "“\(found)”", allowed: label.map { "“\($0)”, as in the root" } ?? "“NO NAME”")
    }
}
