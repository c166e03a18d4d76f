/// Reads all folders of a FAT volume and checks their entries (FAT 1.03 §6).
struct FATFolderWalk<Source: DiskSource> {
    private typealias Folder = FATVolumeContents.Folder

    let source: Source
    let boot: FATBootSector
    let findings: ImageFindings
    private(set) var table: FATTable
    private(set) var files: [FATVolumeContents.File] = []
    private(set) var folders: [FATVolumeContents.Folder] = []
    /// The volume's label in the root folder.
    private(set) var label: String?

    /// More than FAT's longest path, 260 UTF-16 units (FAT 1.03 §7), in UTF-8: endlessly nested
    /// folders would need endless memory.
    private static var longestPath: Int { 1024 }

    /// A folder is at most 2 MiB long (FAT 1.03 §6).
    private static var maximumEntryCount: Int { 65_536 }

    /// Reads every folder, beginning with the root; each once, even if several entries point to it.
    mutating func run() throws(DiskReadError) {
        folders = [root()]
        var index = 0
        while index < folders.count {
            try read(folders[index])
            index += 1
        }
    }

    private mutating func root() -> Folder {
        guard boot.is32 else {
            let end = boot.sectors(boot.dataStart, 0).lowerBound
            let length = boot.rootEntries * UInt64(DirectoryEntry.byteCount)
            return Folder(
                path: "", runs: [end - length..<end], modified: nil, cluster: 0, parent: 0)
        }
        let chain = table.follow(from: boot.rootCluster, of: "/", at: boot.region.offset + 44)
        return Folder(
            path: "", runs: chain.map(boot.bytes), modified: nil, cluster: boot.rootCluster,
            parent: 0)
    }

    private mutating func read(_ folder: Folder) throws(DiskReadError) {
        var names = FATNameCheck(findings)
        var count = 0
        reading: for run in folder.runs {
            let bytes = try source.region(
                folder.path.isEmpty ? "/" : folder.path, Int(run.byteCount), at: run.lowerBound)
            for start in stride(from: 0, to: bytes.bytes.count, by: DirectoryEntry.byteCount) {
                if bytes.bytes[start] == 0 { break reading }
                let entry = FATEntry(
                    region: bytes.part(bytes.place, start..<start + DirectoryEntry.byteCount))
                check(entry, number: count, of: folder, &names)
                count += 1
            }
        }
        names.end()
        findings.expect(
            count <= Self.maximumEntryCount, .fatFolderSize,
            Region(place: folder.path, offset: folder.runs.first?.lowerBound ?? 0, bytes: []),
            at: 0, found: "\(count) entries", allowed: "at most \(Self.maximumEntryCount)")
    }

    private mutating func check(
        _ entry: FATEntry, number: Int, of folder: Folder, _ names: inout FATNameCheck
    ) {
        if entry.isDeleted || entry.isLongName { return names.take(entry) }
        let isRoot = folder.path.isEmpty
        if entry.attributes.contains(.volumeLabel) {
            names.end()
            if isRoot { label = VolumeLabel(decoding: entry.shortName.bytes).description }
            return
        }
        checkDate(of: entry)
        if number < 2 && !isRoot {
            let cluster = number == 0 ? folder.cluster : folder.parent
            return checkDot(entry, name: number == 0 ? .itself : .parent, cluster)
        }
        let path = folder.path + "/" + names.name(of: entry)
        if entry.attributes.contains(.folder) {
            add(folder: entry, path, in: folder)
        } else {
            add(file: entry, path)
        }
    }

    /// The day of the last write; 0 if it is unknown.
    private func checkDate(of entry: FATEntry) {
        let date = entry.modified.date
        let (month, day) = (date >> 5 & 0xF, date & 0x1F)
        findings.expect(
            date == 0 || ((1...12).contains(month) && (1...31).contains(day)), .fatDate,
            entry.region, at: 24, found: "month \(month), day \(day)", allowed: "a valid date")
    }

    /// Checks one of a folder's first two entries: the folder itself, and its parent.
    private func checkDot(_ entry: FATEntry, name: ShortName, _ cluster: UInt32) {
        let isName = findings.expect(
            entry.shortName == name && entry.attributes.contains(.folder), .fatDots, entry.region,
            at: 0, found: "“\(entry.shortName)”", allowed: "“\(name)”, a folder")
        guard isName else { return }
        findings.expect(
            entry.cluster(boot.type) == cluster, .fatDots, entry.region, at: 26,
            found: "\(entry.cluster(boot.type))", allowed: "\(cluster)")
    }

    private mutating func add(folder entry: FATEntry, _ path: String, in parent: Folder) {
        findings.expect(
            entry.byteCount == 0, .fatFolderSize, entry.named(path), at: 28,
            found: "\(entry.byteCount)", allowed: "0")
        let cluster = entry.cluster(boot.type)
        let chain = table.follow(from: cluster, of: path, at: entry.region.offset + 26)
        // A folder that was already read has no runs left.
        guard !chain.isEmpty, path.utf8.count <= Self.longestPath else { return }
        folders.append(
            Folder(
                path: path, runs: chain.map(boot.bytes), modified: entry.modified,
                cluster: cluster, parent: parent.path.isEmpty ? 0 : parent.cluster))
    }

    private mutating func add(file entry: FATEntry, _ path: String) {
        let byteCount = UInt64(entry.byteCount)
        let cluster = entry.cluster(boot.type)
        let chain =
            cluster == 0
            ? []
            : table.follow(from: cluster, of: path, at: entry.region.offset + 26)
        let needed = (byteCount + boot.clusterByteCount - 1) / boot.clusterByteCount
        let count = chain.reduce(0) { $0 + $1.count }
        findings.expect(
            count == needed, .fatChainLength, entry.named(path), at: 28,
            found: "\(byteCount) bytes, in \(count) clusters",
            allowed: "\(needed) clusters of \(boot.clusterByteCount) bytes")
        files.append(
            FATVolumeContents.File(
                path: path, byteCount: byteCount,
                runs: chain.map(boot.bytes).prefix(byteCount: byteCount),
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
