/// A volume's FAT in memory, and which of its clusters have an owner.
struct FATTable {
    let type: FATType
    /// The entries, reduced to the bits that are used.
    let entries: [UInt32]
    private let region: Region
    private var isOwned: [Bool]
    private let findings: ImageFindings

    /// Decodes the entries of all clusters, and the two before them.
    init(_ region: Region, type: FATType, clusterCount: UInt64, _ findings: ImageFindings) {
        self.region = region
        self.type = type
        self.findings = findings
        let count = Int(clusterCount) + 2
        entries = region.bytes.withUnsafeBytes { bytes in
            (0..<count).map { index in
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
        isOwned = [Bool](repeating: false, count: count)
    }

    /// The offset of an entry in the FAT, in bytes.
    private func field(of cluster: UInt32) -> Int { Int(cluster) * type.rawValue / 8 }

    /// Entry 0 repeats the medium, entry 1 says whether the volume was unmounted cleanly.
    func checkFirstEntries(medium: UInt8) {
        let allowed = type.mask & ~0xFF | UInt32(medium)
        findings.expect(
            entries[0] == allowed, .fatFirstEntries, region, at: 0, found: hex(entries[0]),
            allowed: hex(allowed))
        findings.expect(
            entries[1] | type.cleanBits >= type.endOfChain, .fatFirstEntries, region,
            at: field(of: 1), found: hex(entries[1]), allowed: "at least \(hex(type.endOfChain))")
        findings.expect(
            entries[1] & type.cleanBits == type.cleanBits, .fatDirty, region, at: field(of: 1),
            found: hex(entries[1]), allowed: "with all of \(hex(type.cleanBits)) set")
    }

    /// Returns the clusters of a chain as far as it is valid, and marks them as owned.
    mutating func follow(
        from first: UInt32, of place: String, at origin: UInt64
    ) -> [Range<UInt32>] {
        var chain: [Range<UInt32>] = []
        var cluster = first
        var link = origin
        while true {
            guard cluster >= 2, Int(cluster) < entries.count else {
                findings.report(
                    .fatChain, place, at: link, found: hex(cluster),
                    allowed: "2…\(entries.count - 1)")
                return chain
            }
            guard !isOwned[Int(cluster)] else {
                findings.report(
                    .fatCrossLink, place, at: link, found: "\(cluster), which is in use",
                    allowed: "a cluster without an owner")
                return chain
            }
            isOwned[Int(cluster)] = true
            chain.extend(with: cluster)
            link = region.offset + UInt64(field(of: cluster))
            cluster = entries[Int(cluster)]
            if cluster >= type.endOfChain { return chain }
        }
    }

    typealias UnownedRun = (mark: FATVolumeContents.Unowned.Mark, clusters: Range<UInt32>)

    /// Reports clusters that are neither free nor in a chain.
    func checkLost(_ unowned: [UnownedRun]) {
        let lost = unowned.filter { $0.mark == .lost }.flatMap(\.clusters)
        guard let first = lost.first else { return }
        findings.report(
            .fatLost, region, at: field(of: first),
            found: "\(lost.count), the first of them \(first)", allowed: "0")
    }

    /// The clusters outside of all chains, in runs of one mark each.
    var unownedRuns: [UnownedRun] {
        var runs: [UnownedRun] = []
        for cluster in entries.indices.dropFirst(2) where !isOwned[cluster] {
            let number = UInt32(cluster)
            let mark: FATVolumeContents.Unowned.Mark =
                switch entries[cluster] {
                case 0: .free
                case type.badCluster: .bad
                default: .lost
                }
            if let last = runs.last, last.mark == mark, last.clusters.upperBound == number {
                runs[runs.count - 1].clusters = last.clusters.lowerBound..<number + 1
            } else {
                runs.append((mark, number..<number + 1))
            }
        }
        return runs
    }

    var freeCount: Int { entries.dropFirst(2).count { $0 == 0 } }
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
