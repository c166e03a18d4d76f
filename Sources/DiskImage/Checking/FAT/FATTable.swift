/// A volume's FAT in memory, and which of its clusters have an owner.
struct FATTable {
    let type: FATType
    /// The number of entries: one for each cluster, and the two before them.
    let count: Int
    private let region: Region
    private let findings: ImageFindings
    /// The entries, reduced to the bits that are used; an empty page has zeros only, as most pages
    /// of a large sparse volume.
    private var pages: [[UInt32]] = []
    /// Which clusters have an owner; an empty page has none.
    private var owned: [[Bool]]

    private static let pageCount = 32_768

    /// Reads and decodes the entries of all clusters.
    init(
        _ source: some DiskSource, at offset: UInt64, type: FATType, clusterCount: UInt64,
        _ findings: ImageFindings
    ) throws(DiskReadError) {
        (self.type, self.findings) = (type, findings)
        count = Int(clusterCount) + 2
        region = Region(place: "FAT 1", offset: offset, bytes: [])
        for first in stride(from: 0, to: count, by: Self.pageCount) {
            let number = min(Self.pageCount, count - first)
            // One byte more: the last pair of 12-bit entries ends in it.
            let bytes = try source.region(
                "FAT 1", number * type.rawValue / 8 + 1,
                at: offset + UInt64(first * type.rawValue / 8)
            ).bytes
            pages.append(Self.decode(bytes, type, number))
        }
        owned = Array(repeating: [], count: pages.count)
    }

    private static func decode(_ bytes: [UInt8], _ type: FATType, _ count: Int) -> [UInt32] {
        bytes.withUnsafeBytes { bytes in
            if bytes.allSatisfy({ $0 == 0 }) { return [] }
            return (0..<count).map { index in
                switch type {
                case .fat12:
                    let start = index + index / 2
                    let pair = UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8
                    return index.isMultiple(of: 2) ? pair & 0xFFF : pair >> 4
                case .fat16:
                    return UInt32(
                        bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                            .littleEndian)
                case .fat32:
                    return bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                        .littleEndian & type.mask
                }
            }
        }
    }

    private subscript(cluster: Int) -> UInt32 {
        let page = pages[cluster / Self.pageCount]
        return page.isEmpty ? 0 : page[cluster % Self.pageCount]
    }

    private func isOwned(_ cluster: Int) -> Bool {
        let page = owned[cluster / Self.pageCount]
        return !page.isEmpty && page[cluster % Self.pageCount]
    }

    private mutating func own(_ cluster: Int) {
        let page = cluster / Self.pageCount
        if owned[page].isEmpty { owned[page] = Array(repeating: false, count: Self.pageCount) }
        owned[page][cluster % Self.pageCount] = true
    }

    /// The offset of an entry in the FAT, in bytes.
    private func field(of cluster: UInt32) -> Int { Int(cluster) * type.rawValue / 8 }

    /// Entry 0 repeats the medium, entry 1 says whether the volume was unmounted cleanly.
    func checkFirstEntries(medium: UInt8) {
        let allowed = type.mask & ~0xFF | UInt32(medium)
        findings.expect(
            self[0] == allowed, .fatFirstEntries, region, at: 0, found: hex(self[0]),
            allowed: hex(allowed))
        findings.expect(
            self[1] | type.cleanBits >= type.endOfChain, .fatFirstEntries, region,
            at: field(of: 1), found: hex(self[1]), allowed: "at least \(hex(type.endOfChain))")
        findings.expect(
            self[1] & type.cleanBits == type.cleanBits, .fatDirty, region, at: field(of: 1),
            found: hex(self[1]), allowed: "with all of \(hex(type.cleanBits)) set")
    }

    /// Returns the clusters of a chain as far as it is valid, and marks them as owned.
    mutating func follow(
        from first: UInt32, of place: String, at origin: UInt64
    ) -> [Range<UInt32>] {
        var chain: [Range<UInt32>] = []
        var cluster = first
        var link = origin
        while true {
            guard cluster >= 2, Int(cluster) < count else {
                findings.report(
                    .fatChain, place, at: link, found: hex(cluster),
                    allowed: "2…\(count - 1)")
                return chain
            }
            guard !isOwned(Int(cluster)) else {
                findings.report(
                    .fatCrossLink, place, at: link, found: "\(cluster), which is in use",
                    allowed: "a cluster without an owner")
                return chain
            }
            own(Int(cluster))
            chain.extend(with: cluster)
            link = region.offset + UInt64(field(of: cluster))
            cluster = self[Int(cluster)]
            if cluster >= type.endOfChain { return chain }
        }
    }

    typealias UnownedRun = (mark: FATVolumeContents.Unowned.Mark, clusters: Range<UInt32>)

    /// Reports clusters that are neither free nor in a chain.
    func checkLost(_ unowned: [UnownedRun]) {
        let lost = unowned.filter { $0.mark == .lost }.map(\.clusters)
        guard let first = lost.first?.lowerBound else { return }
        let count = lost.reduce(0) { $0 + $1.count }
        findings.report(
            .fatLost, region, at: field(of: first), found: "\(count), the first of them \(first)",
            allowed: "0")
    }

    /// The clusters outside of all chains, in runs of one mark each.
    var unownedRuns: [UnownedRun] {
        var runs: [UnownedRun] = []
        func add(_ mark: FATVolumeContents.Unowned.Mark, _ clusters: Range<UInt32>) {
            if let last = runs.last, last.mark == mark,
                last.clusters.upperBound == clusters.lowerBound
            {
                runs[runs.count - 1].clusters = last.clusters.lowerBound..<clusters.upperBound
            } else {
                runs.append((mark, clusters))
            }
        }
        for (number, page) in pages.enumerated() {
            let clusters = clusters(of: number)
            if page.isEmpty, owned[number].isEmpty {
                add(.free, UInt32(clusters.lowerBound)..<UInt32(clusters.upperBound))
                continue
            }
            for cluster in clusters where !isOwned(cluster) {
                let mark: FATVolumeContents.Unowned.Mark =
                    switch self[cluster] {
                    case 0: .free
                    case type.badCluster: .bad
                    default: .lost
                    }
                add(mark, UInt32(cluster)..<UInt32(cluster + 1))
            }
        }
        return runs
    }

    /// The clusters whose entries are in a page.
    private func clusters(of page: Int) -> Range<Int> {
        max(2, page * Self.pageCount)..<min(count, (page + 1) * Self.pageCount)
    }

    /// The number of free clusters.
    var freeCount: Int {
        pages.indices.reduce(0) { sum, page in
            let clusters = clusters(of: page)
            return sum
                + (pages[page].isEmpty ? clusters.count : clusters.count { self[$0] == 0 })
        }
    }
}

extension [Range<UInt32>] {
    /// Adds a cluster, to the last run if it follows it.
    fileprivate mutating func extend(with cluster: UInt32) {
        if let run = last, run.upperBound == cluster {
            self[count - 1] = run.lowerBound..<cluster + 1
        } else {
            append(cluster..<cluster + 1)
        }
    }
}
