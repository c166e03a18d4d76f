/// Checks a FAT volume's boot sector, and the sector's backup (FAT 1.03 §3).
struct FATBootCheck<Source: DiskSource> {
    let source: Source
    let parameters: FATParameters
    /// The length of the disk's sectors; `nil` where a volume is all there is.
    let sectorSize: SectorSize?
    /// Where the volume starts, and how long its partition is, both in sectors.
    let start: UInt64
    let room: UInt64
    /// Whether this tool made the image, which always tells where the volume starts.
    let isOwn: Bool

    private var boot: Region { parameters.boot }

    /// Checks all fields; whether FAT and folders can be found by them.
    func check(_ findings: inout ImageFindings) throws(DiskReadError) -> Bool {
        let isUsable = checkSizes(&findings) && checkLayout(&findings)
        checkIdentity(&findings)
        guard isUsable else { return false }
        checkTypeName(&findings)
        if parameters.is32 { try checkBackup(&findings) }
        return true
    }

    /// What everything else is counted in.
    private func checkSizes(_ findings: inout ImageFindings) -> Bool {
        let bytes = parameters.sectorByteCount
        let isSectorSize =
            sectorSize.map { UInt64($0.rawValue) == bytes }
            ?? ((512...4096).contains(bytes) && bytes.nonzeroBitCount == 1)
        findings.expect(
            isSectorSize, .fatSectorSize, boot, at: 11, found: "\(bytes)",
            allowed: sectorSize.map { "\($0.rawValue)" } ?? "512, 1024, 2048 or 4096")
        let isClusterSize = parameters.clusterSectors.nonzeroBitCount == 1
        findings.expect(
            isClusterSize, .fatClusterSize, boot, at: 13, found: "\(parameters.clusterSectors)",
            allowed: "1, 2, 4 … 128")
        findings.expect(
            parameters.reserved > 0, .fatReserved, boot, at: 14, found: "0", allowed: "above 0")
        let isCopies = (1...2).contains(parameters.copies)
        findings.expect(
            isCopies, .fatCopies, boot, at: 16, found: "\(parameters.copies)", allowed: "1 or 2")
        return isSectorSize && isClusterSize && isCopies
    }

    /// Where everything is.
    private func checkLayout(_ findings: inout ImageFindings) -> Bool {
        let perSector = parameters.sectorByteCount / 32
        let isRoot =
            parameters.is32
            ? parameters.rootEntries == 0
            : parameters.rootEntries > 0 && parameters.rootEntries.isMultiple(of: perSector)
        findings.expect(
            isRoot, .fatRootEntries, boot, at: 17, found: "\(parameters.rootEntries)",
            allowed: parameters.is32 ? "0" : "a multiple of \(perSector), above 0")
        let least = parameters.dataStart.addingSaturating(parameters.clusterSectors)
        let isTotal =
            parameters.total >= least && parameters.total <= room
            && !(parameters.is32 && parameters.shortTotal != 0)
        findings.expect(
            isTotal, .fatVolumeSize, boot, at: parameters.shortTotal != 0 ? 19 : 32,
            found: "\(parameters.total) sectors", allowed: "\(least)…\(room)")
        guard isRoot, isTotal else { return false }
        return checkTable(&findings)
    }

    private func checkTable(_ findings: inout ImageFindings) -> Bool {
        let type = parameters.type
        let isType = type.clusterCounts.contains(parameters.clusterCount)
        findings.expect(
            isType, .fatType, boot, at: 32, found: "\(parameters.clusterCount)",
            allowed: "\(type.clusterCounts.lowerBound)…\(type.clusterCounts.upperBound - 1) "
                + "for \(type.name)")
        let needed =
            ((parameters.clusterCount + ClusterNumber.reservedCount) * type.entryBitCount + 7) / 8
        let needsSectors = (needed + parameters.sectorByteCount - 1) / parameters.sectorByteCount
        let isLongEnough = parameters.fatSectors >= needsSectors
        findings.expect(
            isLongEnough, .fatTableSize, boot, at: parameters.is32 ? 36 : 22,
            found: "\(parameters.fatSectors) sectors", allowed: "\(needsSectors) or more")
        return isLongEnough && parameters.clusterCount < UInt64(UInt32.max)
    }

    /// What a driver or a loader goes by before it counts anything.
    private func checkIdentity(_ findings: inout ImageFindings) {
        findings.expect(.fatSignature, boot, at: 510, is: MasterBootRecord.signature)
        let isJump = boot.bytes[0] == 0xE9 || (boot.bytes[0] == 0xEB && boot.bytes[2] == 0x90)
        findings.expect(
            isJump, .fatJump, boot, at: 0, found: hexDump(boot.bytes[..<3]),
            allowed: "EB ?? 90 or E9 ?? ??")
        findings.expect(
            parameters.medium == 0xF0 || parameters.medium >= 0xF8, .fatMedium, boot, at: 21,
            found: hex(parameters.medium), allowed: "0xF0, or 0xF8 and above")
        checkHidden(&findings)
        if parameters.is32 { findings.expect(.fatVersion, boot, at: 42, is: UInt16(0)) }
    }

    private func checkTypeName(_ findings: inout ImageFindings) {
        guard parameters.hasExtendedFields else { return }
        let name = parameters.type.name
        let found = String(
            decoding: boot.bytes[parameters.typeNameOffset...].prefix(8), as: UTF8.self)
        findings.expect(
            found.hasPrefix(name + " ") || found == "FAT     ", .fatTypeName, boot,
            at: parameters.typeNameOffset, found: "“\(found)”", allowed: "“\(name)”")
    }

    private func checkHidden(_ findings: inout ImageFindings) {
        let isZero = parameters.hidden == 0
        if UInt64(parameters.hidden) == start || (isZero && sectorSize == nil) { return }
        findings.expect(
            false, isZero && !isOwn ? .fatHiddenZero : .fatHidden, boot, at: 28,
            found: "\(parameters.hidden)", allowed: "\(start), where the partition starts")
    }

    private func checkBackup(_ findings: inout ImageFindings) throws(DiskReadError) {
        let number = parameters.backupSector
        if number == 0 || number == 0xFFFF { return }
        guard number < parameters.reserved else {
            return findings.expect(
                false, .fatBackup, boot, at: 50, found: "sector \(number)",
                allowed: "within the \(parameters.reserved) reserved sectors")
        }
        let backup = try source.region(
            boot.place.replacingOccurrence("boot", "backup boot"), boot.bytes.count,
            at: boot.offset + number * parameters.sectorByteCount)
        guard let field = boot.bytes.indices.first(where: { boot.bytes[$0] != backup.bytes[$0] })
        else { return }
        findings.expect(
            false, .fatBackup, backup, at: field, found: hex(backup.bytes[field]),
            allowed: "\(hex(boot.bytes[field])), as in the boot sector")
    }
}

extension String {
    /// The text with the first place of `old` replaced.
    fileprivate func replacingOccurrence(_ old: String, _ new: String) -> String {
        let parts = split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.joined(separator: new)
    }
}
