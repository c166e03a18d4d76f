/// An ISO 9660 volume over the files of a FAT volume, so that one image serves disc and disk.
///
/// In sectors of 2,048 bytes:
///
///     16    primary descriptor
///     17    boot record (El Torito)
///     18    Joliet's descriptor
///     19    end of the descriptors
///     20    boot catalogue
///     21…   path tables and folders of both hierarchies, before 1 MiB
struct ISOVolume {
    private let label: String
    private let time: FATTimestamp
    private let files: [ISOHierarchy.File]
    private let hierarchies: [(naming: ISONaming, ISOHierarchy)]

    private static let sectorByteCount = ISODescriptor.byteCount
    private static let descriptors = 16
    private static let catalogue = 20
    private static let tables = 21
    /// The first partition starts here.
    private static let end = Int(ByteCount.mebibytes(1).value) / sectorByteCount

    /// Refuses folders that do not fit before the first partition.
    init(_ volume: FATVolume) throws(LayoutError) {
        // FAT labels may contain punctuation, ISO 9660 labels may not.
        label = String(volume.label.description.map { $0.isLetter || $0.isNumber ? $0 : "_" })
        time = volume.timestamp
        files = zip(volume.tree.files, volume.fileStarts).map { file, start in
            ISOHierarchy.File(
                start: start.map(Self.sector) ?? 0,
                byteCount: UInt32(file.content.byteCount.value))
        }
        hierarchies = ISONaming.allCases.map { ($0, ISOHierarchy(volume.tree, $0)) }
        let count = hierarchies.reduce(0) {
            $0 + 2 * $1.1.pathTableSectorCount + $1.1.sectorCount
        }
        let allowed = Self.end - Self.tables
        guard count <= allowed else {
            throw .discFoldersTooLong(
                found: Self.byteCount(ofSectors: count), allowed: Self.byteCount(ofSectors: allowed)
            )
        }
    }

    private static func byteCount(ofSectors count: Int) -> ByteCount {
        ByteCount(UInt64(count * sectorByteCount))
    }

    /// Converts a disk's sector to a disc's.
    static func sector(_ address: LBA) -> UInt32 {
        let perSector = UInt64(sectorByteCount / SectorSize.bytes512.rawValue)
        precondition(address.value.isMultiple(of: perSector), "between two sectors of a disc")
        return UInt32(address.value / perSector)
    }

    /// The regions of a disc of that size, in the order of the disc.
    func extents(disk: SectorCount, boot: BootCatalogue) -> [Extent] {
        var extents = [
            extent("boot record", 17, ISODescriptor.bootRecord(catalogue: UInt32(Self.catalogue))),
            extent("end of the descriptors", 19, ISODescriptor.terminator),
            extent("boot catalogue", Self.catalogue, boot.encoded()),
        ]
        var next = Self.tables
        for (naming, hierarchy) in hierarchies {
            let tables = (next, next + hierarchy.pathTableSectorCount)
            let folders = tables.1 + hierarchy.pathTableSectorCount
            let descriptor = ISODescriptor.Volume(
                naming: naming, label: label, sectorCount: Self.sector(LBA(disk.value)),
                pathTableByteCount: UInt32(hierarchy.pathTableByteCount),
                pathTables: (UInt32(tables.0), UInt32(tables.1)),
                root: hierarchy.root(foldersAt: folders, time: time), time: time)
            let (name, place) = naming == .primary ? ("ISO 9660", 16) : ("Joliet", 18)
            extents += [
                extent("\(name) descriptor", place, descriptor.encoded()),
                extent(
                    "\(name) path table, little-endian", tables.0,
                    hierarchy.pathTable(foldersAt: folders, mostSignificantFirst: false)),
                extent(
                    "\(name) path table, big-endian", tables.1,
                    hierarchy.pathTable(foldersAt: folders, mostSignificantFirst: true)),
                extent(
                    "\(name) folders", folders,
                    hierarchy.encodedFolders(at: folders, files: files, time: time)),
            ]
            next = folders + hierarchy.sectorCount
        }
        return extents.sorted { $0.start < $1.start }
    }

    private func extent(_ name: String, _ sector: Int, _ bytes: [UInt8]) -> Extent {
        let perSector = Self.sectorByteCount / SectorSize.bytes512.rawValue
        return Extent(name, at: LBA(UInt64(sector * perSector)), .bytes(bytes))
    }
}
