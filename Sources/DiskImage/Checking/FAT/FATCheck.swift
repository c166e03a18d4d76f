/// Checks a FAT volume: boot sector, FATs, folders and FSInfo; this is the only reader of FAT.
struct FATCheck<Source: DiskSource> {
    let check: FATBootCheck<Source>
    private var source: Source { check.source }
    private var boot: FATBootSector { check.boot }
    private var findings: ImageFindings { check.findings }

    /// How much of the two FATs is compared at a time, in bytes.
    private static var comparedAtOnce: UInt64 { 1 << 20 }

    /// Returns the files; `nil` if the boot sector does not say where they are.
    func contents() throws(DiskReadError) -> FATVolumeContents? {
        guard try check.check() else { return nil }
        try compareCopies()
        let table = try FATTable(
            source, at: boot.fat(0).lowerBound, type: boot.type, clusterCount: boot.clusterCount,
            findings)
        var walk = FATFolderWalk(source: source, boot: boot, findings: findings, table: table)
        walk.table.checkFirstEntries(medium: boot.medium)
        try walk.run()
        let unowned = walk.table.unownedRuns
        walk.table.checkLost(unowned)
        if boot.is32 { try checkInfo(walk.table) }
        checkLabel(walk.label)
        return FATVolumeContents(
            boot: boot, label: walk.label, files: walk.files, folders: walk.folders,
            unowned: unowned.map { run in
                FATVolumeContents.Unowned(mark: run.mark, bytes: boot.bytes(of: run.clusters))
            })
    }

    private func compareCopies() throws(DiskReadError) {
        guard boot.copies == 2 else { return }
        let (one, other) = (boot.fat(0), boot.fat(1))
        for start in stride(from: 0, to: one.byteCount, by: Int(Self.comparedAtOnce)) {
            let count = Int(min(Self.comparedAtOnce, one.byteCount - start))
            let first = try source.region("FAT 1", count, at: one.lowerBound + start)
            let second = try source.region("FAT 2", count, at: other.lowerBound + start)
            guard findings.expect(.fatCopiesDiffer, second, equals: first, "FAT 1") else { return }
        }
    }

    /// The count of free clusters that drivers trust (FAT 1.03 §5).
    private func checkInfo(_ table: FATTable) throws(DiskReadError) {
        let number = boot.infoSector
        if number == 0 || number == 0xFFFF { return }
        let info = try source.region(
            "FSInfo sector", FSInfo.byteCount, at: boot.sectors(number, 1).lowerBound)
        for (offset, signature) in FSInfo.signatures {
            findings.expect(.fatInfoSignature, info, at: offset, is: signature)
        }
        let free: UInt32 = info.number(at: FSInfo.freeCountOffset)
        findings.expect(
            free == .max || Int(free) == table.freeCount, .fatFreeCount, info,
            at: FSInfo.freeCountOffset, found: "\(free)", allowed: "\(table.freeCount)")
        let next: UInt32 = info.number(at: FSInfo.nextFreeOffset)
        findings.expect(
            next == .max || (next >= 2 && Int(next) < table.count), .fatNextFree, info,
            at: FSInfo.nextFreeOffset, found: "\(next)", allowed: "2…\(table.count - 1)")
    }

    /// The label in the boot sector must be the one in the root folder.
    private func checkLabel(_ label: String?) {
        guard boot.hasExtendedFields else { return }
        let found = boot.label.description
        if label == nil && ["NO NAME", ""].contains(found) { return }
        findings.expect(
            found == label, .fatLabel, boot.region, at: boot.labelOffset, found: "“\(found)”",
            allowed: label.map { "“\($0)”, as in the root" } ?? "“NO NAME”")
    }
}
