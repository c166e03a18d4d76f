/// Checks a FAT volume's boot sector and its backup (FAT 1.03 §3).
struct FATBootCheck<Source: DiskSource> {
    let source: Source
    let boot: FATBootSector
    /// The size of the disk's sectors; `nil` on a disk without partitions.
    let sectorSize: SectorSize?
    /// The volume's start and the length of its partition, in sectors.
    let start: UInt64
    let room: UInt64
    /// Whether this library made the image: it always sets the hidden sectors.
    let isOwn: Bool
    let findings: ImageFindings

    private var region: Region { boot.region }

    /// Checks all fields; returns whether they give the places of FAT and folders.
    func check() throws(DiskReadError) -> Bool {
        let isUsable = checkSizes() && checkLayout()
        checkIdentity()
        guard isUsable else { return false }
        checkTypeName()
        if boot.is32 { try checkBackup() }
        return true
    }

    private func checkSizes() -> Bool {
        let bytes = boot.sectorByteCount
        let isSectorSize = findings.expect(
            sectorSize.map { UInt64($0.rawValue) == bytes }
                ?? ((512...4096).contains(bytes) && bytes.nonzeroBitCount == 1),
            .fatSectorSize, region, at: 11, found: "\(bytes)",
            allowed: sectorSize.map { "\($0.rawValue)" } ?? "512, 1024, 2048 or 4096")
        let isClusterSize = findings.expect(
            boot.clusterSectors.nonzeroBitCount == 1, .fatClusterSize, region, at: 13,
            found: "\(boot.clusterSectors)", allowed: "1, 2, 4 … 128")
        findings.expect(
            boot.reserved > 0, .fatReserved, region, at: 14, found: "0", allowed: "above 0")
        let isCopies = findings.expect(
            (1...2).contains(boot.copies), .fatCopies, region, at: 16, found: "\(boot.copies)",
            allowed: "1 or 2")
        return isSectorSize && isClusterSize && isCopies
    }

    private func checkLayout() -> Bool {
        let perSector = boot.sectorByteCount / UInt64(DirectoryEntry.byteCount)
        let isRoot = findings.expect(
            boot.is32
                ? boot.rootEntries == 0
                : boot.rootEntries > 0 && boot.rootEntries.isMultiple(of: perSector),
            .fatRootEntries, region, at: 17, found: "\(boot.rootEntries)",
            allowed: boot.is32 ? "0" : "a multiple of \(perSector), above 0")
        let least = boot.dataStart.addingSaturating(boot.clusterSectors)
        let isTotal = findings.expect(
            boot.total >= least && boot.total <= room && !(boot.is32 && boot.shortTotal != 0),
            .fatVolumeSize, region, at: boot.shortTotal != 0 ? 19 : 32,
            found: "\(boot.total) sectors", allowed: "\(least)…\(room)")
        guard isRoot, isTotal else { return false }
        return checkTable()
    }

    private func checkTable() -> Bool {
        let (type, count) = (boot.type, boot.clusterCount)
        findings.expect(
            type.clusterCounts.contains(count), .fatType, region, at: 32, found: "\(count)",
            allowed: "\(type.clusterCounts.lowerBound)…\(type.clusterCounts.upperBound - 1) "
                + "for \(type.name)")
        let needed = ((count + ClusterNumber.reservedCount) * type.entryBitCount + 7) / 8
        let needsSectors = (needed + boot.sectorByteCount - 1) / boot.sectorByteCount
        let isLongEnough = findings.expect(
            boot.fatSectors >= needsSectors, .fatTableSize, region, at: boot.is32 ? 36 : 22,
            found: "\(boot.fatSectors) sectors", allowed: "at least \(needsSectors)")
        return isLongEnough && count < UInt64(UInt32.max)
    }

    private func checkIdentity() {
        findings.expect(.fatSignature, region, at: 510, is: MasterBootRecord.signature)
        let isJump =
            region.bytes[0] == 0xE9 || (region.bytes[0] == 0xEB && region.bytes[2] == 0x90)
        findings.expect(
            isJump, .fatJump, region, at: 0, found: hexDump(region.bytes[..<3]),
            allowed: "EB ?? 90 or E9 ?? ??")
        findings.expect(
            boot.medium == 0xF0 || boot.medium >= 0xF8, .fatMedium, region, at: 21,
            found: hex(boot.medium), allowed: "0xF0, or 0xF8 and above")
        checkHidden()
        if boot.is32 { findings.expect(.fatVersion, region, at: 42, is: UInt16(0)) }
    }

    private func checkTypeName() {
        guard boot.hasExtendedFields else { return }
        let (name, found) = (boot.type.name, boot.typeName)
        findings.expect(
            found.hasPrefix(name + " ") || found == "FAT     ", .fatTypeName, region,
            at: boot.typeNameOffset, found: "“\(found)”", allowed: "“\(name)”")
    }

    private func checkHidden() {
        let isZero = boot.hidden == 0
        if UInt64(boot.hidden) == start || (isZero && sectorSize == nil) { return }
        findings.report(
            isZero && !isOwn ? .fatHiddenZero : .fatHidden, region, at: 28,
            found: "\(boot.hidden)", allowed: "\(start), where the partition starts")
    }

    private func checkBackup() throws(DiskReadError) {
        let number = boot.backupSector
        if number == 0 || number == 0xFFFF { return }
        guard number < boot.reserved else {
            return findings.report(
                .fatBackup, region, at: 50, found: "sector \(number)",
                allowed: "within the \(boot.reserved) reserved sectors")
        }
        let backup = try source.region(
            "backup \(region.place)", region.bytes.count,
            at: boot.sectors(number, 1).lowerBound)
        // syslinux changes the code of the first one only; fsck.fat calls that harmless.
        findings.expect(
            isOwn ? .fatBackup : .fatBackupDiffers, backup, equals: region, "the boot sector")
    }
}
