/// Reads all folders of a FAT volume and checks their entries (FAT 1.03 §6).
struct FATFolderWalk<Source: DiskSource> {
    private struct Folder {
        let path: String
        /// 0 for the root of FAT12 and FAT16, which has no clusters.
        let cluster: UInt32
        let parent: UInt32
        let runs: [Range<UInt64>]
        let modified: FATTimestamp?
    }

    let source: Source
    let boot: FATBootSector
    private(set) var table: FATTable
    private(set) var files: [FATVolumeContents.File] = []
    /// The volume's label in the root folder.
    private(set) var label: String?
    private var pending: [Folder] = []

    /// More than FAT's longest path, 260 UTF-16 units (FAT 1.03 §7), in UTF-8: endlessly nested
    /// folders would need endless memory.
    private static var longestPath: Int { 1024 }

    /// A folder is at most 2 MiB long (FAT 1.03 §6).
    private static var maximumEntryCount: Int { 65_536 }

    var folders: [FATVolumeContents.Folder] {
        pending.map {
            FATVolumeContents.Folder(path: $0.path, runs: $0.runs, modified: $0.modified)
        }
    }

    init(source: Source, boot: FATBootSector, table: FATTable) {
        self.source = source
        self.boot = boot
        self.table = table
    }

    /// Reads every folder, beginning with the root; each once, even if several entries point to it.
    mutating func run(_ findings: inout ImageFindings) throws(DiskReadError) {
        pending = [root(&findings)]
        var index = 0
        while index < pending.count {
            try read(pending[index], &findings)
            index += 1
        }
    }

    private mutating func root(_ findings: inout ImageFindings) -> Folder {
        guard boot.is32 else {
            let end = boot.sectors(boot.dataStart, 0).lowerBound
            let length = boot.rootEntries * UInt64(DirectoryEntry.byteCount)
            return Folder(
                path: "", cluster: 0, parent: 0, runs: [end - length..<end], modified: nil)
        }
        let chain = table.follow(
            from: boot.rootCluster, of: "/", at: boot.region.offset + 44, &findings)
        return Folder(
            path: "", cluster: boot.rootCluster, parent: 0, runs: byteRuns(of: chain),
            modified: nil)
    }

    private func byteRuns(of chain: FATTable.Chain) -> [Range<UInt64>] {
        chain.runs.map { run in
            let start = boot.offset(ofCluster: run.first)
            return start..<start + run.count * boot.clusterByteCount
        }
    }

    private mutating func read(
        _ folder: Folder, _ findings: inout ImageFindings
    ) throws(DiskReadError) {
        var names = FATNameCheck()
        var count = 0
        reading: for run in folder.runs {
            let bytes = try source.region(
                folder.path.isEmpty ? "/" : folder.path, Int(run.byteCount), at: run.lowerBound)
            for start in stride(from: 0, to: bytes.bytes.count, by: DirectoryEntry.byteCount) {
                if bytes.bytes[start] == 0 { break reading }
                let entry = FATEntry(
                    region: bytes.part(bytes.place, start..<start + DirectoryEntry.byteCount))
                check(entry, number: count, of: folder, &names, &findings)
                count += 1
            }
        }
        names.end(&findings)
        findings.expect(
            count <= Self.maximumEntryCount, .fatFolderSize,
            Region(place: folder.path, offset: folder.runs.first?.lowerBound ?? 0, bytes: []),
            at: 0, found: "\(count) entries", allowed: "at most \(Self.maximumEntryCount)")
    }

    private mutating func check(
        _ entry: FATEntry, number: Int, of folder: Folder, _ names: inout FATNameCheck,
        _ findings: inout ImageFindings
    ) {
        if entry.isDeleted || entry.isLongName { return names.take(entry, &findings) }
        let isRoot = folder.path.isEmpty
        if entry.attributes.contains(.volumeLabel) {
            names.end(&findings)
            if isRoot { label = VolumeLabel(decoding: entry.shortName.bytes).description }
            return
        }
        checkDate(of: entry, &findings)
        if number < 2 && !isRoot {
            let cluster = number == 0 ? folder.cluster : folder.parent
            return checkDot(entry, name: number == 0 ? .itself : .parent, cluster, &findings)
        }
        let path = folder.path + "/" + names.name(of: entry, &findings)
        if entry.attributes.contains(.folder) {
            add(folder: entry, path, in: folder, &findings)
        } else {
            add(file: entry, path, &findings)
        }
    }

    /// The day of the last write; 0 if it is unknown.
    private func checkDate(of entry: FATEntry, _ findings: inout ImageFindings) {
        let date = entry.modified.date
        let (month, day) = (date >> 5 & 0xF, date & 0x1F)
        findings.expect(
            date == 0 || ((1...12).contains(month) && (1...31).contains(day)), .fatDate,
            entry.region, at: 24, found: "month \(month), day \(day)", allowed: "a valid date")
    }

    /// Checks one of a folder's first two entries: the folder itself, and its parent.
    private func checkDot(
        _ entry: FATEntry, name: ShortName, _ cluster: UInt32, _ findings: inout ImageFindings
    ) {
        let isName = entry.shortName == name && entry.attributes.contains(.folder)
        findings.expect(
            isName, .fatDots, entry.region, at: 0, found: "“\(entry.shortName)”",
            allowed: "“\(name)”, a folder")
        guard isName else { return }
        findings.expect(
            entry.cluster(boot.type) == cluster, .fatDots, entry.region, at: 26,
            found: "\(entry.cluster(boot.type))", allowed: "\(cluster)")
    }

    private mutating func add(
        folder entry: FATEntry, _ path: String, in parent: Folder,
        _ findings: inout ImageFindings
    ) {
        findings.expect(
            entry.byteCount == 0, .fatFolderSize, entry.named(path), at: 28,
            found: "\(entry.byteCount)", allowed: "0")
        let cluster = entry.cluster(boot.type)
        let chain = table.follow(
            from: cluster, of: path, at: entry.region.offset + 26, &findings)
        // A folder that was already read has no runs left.
        guard !chain.runs.isEmpty, path.utf8.count <= Self.longestPath else { return }
        pending.append(
            Folder(
                path: path, cluster: cluster, parent: parent.path.isEmpty ? 0 : parent.cluster,
                runs: byteRuns(of: chain), modified: entry.modified))
    }

    private mutating func add(
        file entry: FATEntry, _ path: String, _ findings: inout ImageFindings
    ) {
        let byteCount = UInt64(entry.byteCount)
        let cluster = entry.cluster(boot.type)
        var chain = FATTable.Chain()
        if cluster != 0 {
            chain = table.follow(
                from: cluster, of: path, at: entry.region.offset + 26, &findings)
        }
        let needed = (byteCount + boot.clusterByteCount - 1) / boot.clusterByteCount
        findings.expect(
            chain.clusterCount == needed, .fatChainLength, entry.named(path), at: 28,
            found: "\(byteCount) bytes, in \(chain.clusterCount) clusters",
            allowed: "\(needed) clusters of \(boot.clusterByteCount) bytes")
        files.append(
            FATVolumeContents.File(
                path: path, byteCount: byteCount,
                runs: byteRuns(of: chain).prefix(byteCount: byteCount),
                modified: entry.modified))
    }
}

extension [Range<UInt64>] {
    fileprivate func prefix(byteCount: UInt64) -> Self {
        var rest = byteCount
        return compactMap { run in
            let length = Swift.min(rest, run.byteCount)
            rest -= length
            return length == 0 ? nil : run.lowerBound..<run.lowerBound + length
        }
    }
}
