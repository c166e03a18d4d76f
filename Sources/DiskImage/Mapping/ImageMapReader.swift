/// Reads an ``ImageMap``, structure by structure, and claims the sectors of all of them.
struct ImageMapReader<Source: DiskSource> {
    private let source: Source
    private let verification: Verification
    private var tree: RegionTree

    private var sectorSize: SectorSize { verification.sectorSize }
    /// The number of whole sectors.
    private var disk: SectorCount {
        SectorCount(source.byteCount.value / sectorSize.byteCount.value)
    }
    /// The end of the gap where boot loaders keep the rest of their code.
    private static var gapEnd: UInt64 { 1 << 20 }

    init(_ source: Source, _ verification: Verification) {
        (self.source, self.verification) = (source, verification)
        tree = RegionTree(source.byteCount, verification.sectorSize)
    }

    mutating func map() throws(DiskReadError) -> ImageMap {
        var map = ImageMap(
            kind: verification.kind, byteCount: source.byteCount, sectorSize: sectorSize,
            volumes: verification.volumes, payload: verification.payload)
        if verification.kind == Verification.volumeAlone {
            claimVolumes()
        } else {
            try readDisk(into: &map)
        }
        map.loaders += try efiLoaders()
        map.regions = tree.regions()
        return map
    }

    private mutating func readDisk(into map: inout ImageMap) throws(DiskReadError) {
        let bootSector = BootSector(try source.region("", MasterBootRecord.byteCount, at: 0))
        let table = try GPTMapReader(source: source, sectorSize: sectorSize, disk: disk).table()
        let isoVolume = try ISOReader(source: source).volume()
        let partitions = try partitions(bootSector, table)
        let loader = try BIOSLoaderReader(source: source).loader(startedBy: bootSector)
        // On a disc, its own structures describe the gap.
        let gap = isoVolume == nil ? try gap(before: partitions, table) : 0..<0
        tree.claim(bootSector, table, sectorSize)
        let files = Set(verification.volumes.flatMap(\.files).flatMap(\.runs).map(\.lowerBound))
        for partition in partitions {
            tree.claim(partition.title, .partition, partition.bytes(sectorSize))
        }
        if let isoVolume {
            let starts = partitions.map { $0.bytes(sectorSize).lowerBound }
            tree.claim(isoVolume, besides: files.union(starts), verification.loaderFiles)
        }
        claimVolumes()
        let hasCode = bootSector.code == .loader
        tree.claim(
            hasCode ? "BIOS loader" : "data", hasCode ? .loader : .data, loader?.bytes ?? gap)
        map.payload = loader?.payload ?? map.payload
        if let payload = map.payload { tree.claim(payload, besides: files) }
        if hasCode {
            map.loaders = [try biosLoader(continuingAt: loader?.secondPart ?? gap)]
        }
        (map.bootSector, map.table, map.isoVolume) = (bootSector, table, isoVolume)
        map.partitions = partitions
    }

    private mutating func claimVolumes() {
        for volume in verification.volumes { tree.claim(volume, verification.loaderFiles) }
    }

    /// The partitions of the GPT, or of an MBR that is not protective.
    private mutating func partitions(
        _ bootSector: BootSector, _ table: GPTMap?
    ) throws(DiskReadError) -> [DiskPartition] {
        var partitions = table?.partitions ?? []
        if table == nil, !bootSector.isProtective {
            let logical = try LogicalPartitionReader(source: source).chain(from: bootSector)
            for record in logical.records {
                tree.claim(
                    "extended boot record", .partitionTable,
                    record..<record + UInt64(MasterBootRecord.byteCount))
            }
            partitions = (bootSector.entries.filter(\.isUsed) + logical.entries)
                .map { DiskPartition($0, disk: disk) }
        }
        for index in partitions.indices { try findFileSystem(of: &partitions[index]) }
        return partitions
    }

    /// Sets the file system, by the volume found in it or by its first sectors.
    private func findFileSystem(of partition: inout DiskPartition) throws(DiskReadError) {
        guard partition.first.value < disk.value else { return }
        if let volume = verification.volumes.first(where: { $0.partition == partition.number }) {
            partition.fileSystem = volume.type.name
        } else {
            partition.fileSystem = try FileSystemProbe.name(
                at: partition.bytes(sectorSize).lowerBound, of: source)
        }
    }

    /// The sectors between the tables and the first partition that are not zero.
    private func gap(
        before partitions: [DiskPartition], _ table: GPTMap?
    ) throws(DiskReadError) -> Range<UInt64> {
        let unit = sectorSize.byteCount.value
        let starts = partitions.map { $0.bytes(sectorSize).lowerBound }.filter { $0 > 0 }
        let firstCopy = table?.copies.first { !$0.isBackup }
        let tableEnd = firstCopy.map { max($0.entries.upperBound, ($0.header.value + 1) * unit) }
        let start = tableEnd ?? unit
        let end = min(starts.min() ?? 0, Self.gapEnd, source.byteCount.value)
        guard start < end else { return 0..<0 }
        let area = try source.region("", Int(end - start), at: start)
        guard let first = area.bytes.firstIndex(where: { $0 != 0 }),
            let last = area.bytes.lastIndex(where: { $0 != 0 })
        else { return 0..<0 }
        let firstSector = UInt64(first) / unit * unit
        let lastSector = UInt64(last) / unit * unit
        return start + firstSector..<min(start + lastSector + unit, source.byteCount.value)
    }

    private func biosLoader(
        continuingAt rest: Range<UInt64>
    ) throws(DiskReadError) -> ImageMap.Loader {
        let first = try source.region("", MasterBootRecord.byteCount, at: 0)
        let area = try source.region("", Int(rest.byteCount), at: rest.lowerBound)
        return ImageMap.Loader(
            place: "boot sector", offset: 0, isForBIOS: true, isSigned: false,
            digest: ContentDigest(ofBIOSLoader: first.bytes + area.bytes))
    }

    private func efiLoaders() throws(DiskReadError) -> [ImageMap.Loader] {
        var loaders: [ImageMap.Loader] = []
        let files = verification.volumes.flatMap(\.files)
        for file in files where EFILoaderNames.contain(path: file.path) {
            let program = EFIProgram(try source.read(Self.largestLoader, of: file.runs))
            loaders.append(
                ImageMap.Loader(
                    place: file.path, offset: file.runs.first?.lowerBound ?? 0, isForBIOS: false,
                    isSigned: program.isSigned, digest: program.digest))
        }
        return loaders
    }

    /// Longer loaders are identified by this many bytes.
    private static var largestLoader: Int { 1 << 20 }
}
