import DiskImage

/// A map's regions in the order of the disk, each before its parts, with their letters in the map.
struct RegionList {
    struct Row {
        let region: DiskRegion
        /// How many regions contain it.
        let depth: Int
        /// Its letter; "." for free space, "#" if all letters are used.
        let key: Character
    }

    /// The disk or a region, with its parts.
    struct Level {
        /// The region's name; `nil` for the disk.
        let name: String?
        let sectors: SectorRange
        let rows: [Row]

        /// Such as "the disk, sectors 0–4095".
        var title: String { "\(name ?? "the disk"), sectors \(sectors)" }
    }

    /// The disk, then each region with parts, those of the disk before those inside regions.
    let levels: [Level]
    let rows: [Row]

    init(_ map: ImageMap) {
        let disk = SectorRange(start: LBA(0), count: map.sectorCount)
        var pending: [(name: String?, sectors: SectorRange, regions: [DiskRegion], depth: Int)] = [
            (nil, disk, map.regions, 0)
        ]
        var levels: [Level] = []
        var letters = Letters()
        var next = 0
        while next < pending.count {
            let (name, sectors, regions, depth) = pending[next]
            next += 1
            letters.startLevel()
            let rows = regions.map { Row(region: $0, depth: depth, key: letters.key(of: $0)) }
            levels.append(Level(name: name, sectors: sectors, rows: rows))
            for region in regions where !region.parts.isEmpty {
                pending.append((region.name, region.sectors, region.parts, depth + 1))
            }
        }
        self.levels = levels
        rows = Self.inOrderOfDisk(levels)
    }

    /// The levels' rows, a region's parts after it.
    private static func inOrderOfDisk(_ levels: [Level]) -> [Row] {
        // Levels of one depth are in the order of the disk: each row is the next one of its depth.
        var rest = Dictionary(grouping: levels.flatMap(\.rows), by: \.depth).mapValues { $0[...] }
        var rows: [Row] = []
        func add(_ count: Int, at depth: Int) {
            for _ in 0..<count {
                guard let row = rest[depth]?.popFirst() else { return }
                rows.append(row)
                add(row.region.parts.count, at: depth + 1)
            }
        }
        add(levels.first?.rows.count ?? 0, at: 0)
        return rows
    }
}

/// Assigns letters; regions of one name in one level, such as a file's fragments, share one.
private struct Letters {
    private static let all = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    private var used = 0
    private var keys: [String: Character] = [:]

    mutating func startLevel() { keys = [:] }

    mutating func key(of region: DiskRegion) -> Character {
        if region.kind.isEmpty { return "." }
        if let key = keys[region.name] { return key }
        let key = used < Self.all.count ? Self.all[used] : "#"
        keys[region.name] = key
        used += 1
        return key
    }
}
