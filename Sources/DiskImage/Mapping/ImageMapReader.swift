/// Reads what an ``ImageMap`` tells, structure by structure, and claims the places of all of them.
struct ImageMapReader<Source: DiskSource> {
    private let source: Source
    private let verification: Verification
    private var tree: RegionTree

    private var sectorSize: SectorSize { verification.sectorSize }
    /// The whole sectors, as for checking.
    private var disk: SectorCount {
        SectorCount(source.byteCount.value / sectorSize.byteCount.value)
    }
    /// Where boot loaders keep what does not fit into the boot sector, if nothing else is there.
    private static var gapEnd: UInt64 { 1 << 20 }

    init(_ source: Source, _ verification: Verification) {
        (self.source, self.verification) = (source, verification)
        tree = RegionTree(source.byteCount, verification.sectorSize)
    }

    mutating func map() throws(DiskReadError) -> ImageMap {
        if verification.kind == Verification.volumeAlone {
            try claimVolumes()
            return ImageMap(
                verification, source.byteCount, loaders: try efiLoaders(), regions: tree.regions())
        }
        let bootSector = BootSector(try source.region("", MasterBootRecord.byteCount, at: 0))
        let table = try GPTMapReader(source: source, sectorSize: sectorSize, disk: disk).table()
        let isoVolume = try ISOReader(source: source).volume()
        let partitions = try partitions(bootSector, table)
        let loader = try BIOSLoaderReader(source: source).loader(startedBy: bootSector)
        // What is there on a disc, its own structures tell.
        let gap = isoVolume == nil ? try gap(before: partitions, table) : 0..<0
        tree.claim(bootSector, table, sectorSize)
        let files = Set(verification.volumes.flatMap(\.files).flatMap(\.runs).map(\.lowerBound))
        for partition in partitions {
            tree.claim(partition.title, .partition, partition.bytes(sectorSize))
        }
        if let isoVolume {
            let starts = partitions.map { $0.bytes(sectorSize).lowerBound }
            tree.claim(isoVolume, besides: files.union(starts))
        }
        try claimVolumes()
        let hasCode = bootSector.code == .loader
        tree.claim(
            hasCode ? "BIOS loader" : "data", hasCode ? .loader : .data, loader?.bytes ?? gap)
        let payload = loader?.payload ?? verification.payload
        if let payload { tree.claim(payload, besides: files) }
        let biosLoader = hasCode ? [try biosLoader(goingOnAt: loader?.secondPart ?? gap)] : []
        return ImageMap(
            verification, source.byteCount, bootSector: bootSector, table: table,
            partitions: partitions, isoVolume: isoVolume, payload: payload,
            loaders: biosLoader + (try efiLoaders()), regions: tree.regions())
    }

    private mutating func claimVolumes() throws(DiskReadError) {
        for volume in verification.volumes {
            let boot = try source.region("", MasterBootRecord.byteCount, at: volume.offset)
            tree.claim(volume, FATParameters(boot: boot))
        }
    }

    /// Those of the GPT; those of the MBR, if that says of no GPT.
    private func partitions(
        _ bootSector: BootSector, _ table: GPTMap?
    ) throws(DiskReadError) -> [DiskPartition] {
        var partitions = table?.partitions ?? []
        if table == nil, !bootSector.isProtective {
            partitions = bootSector.entries.filter(\.isUsed).map { DiskPartition($0, disk: disk) }
        }
        for index in partitions.indices { try tellFileSystem(of: &partitions[index]) }
        return partitions
    }

    /// What the volume that was found in it is, or what its first sectors show.
    private func tellFileSystem(of partition: inout DiskPartition) throws(DiskReadError) {
        guard partition.first.value < disk.value else { return }
        if let volume = verification.volumes.first(where: { $0.partition == partition.number }) {
            partition.fileSystem = volume.type.name
        } else {
            partition.fileSystem = try FileSystemProbe.name(
                at: partition.bytes(sectorSize).lowerBound, of: source)
        }
    }

    /// What is not zero between the tables and the first partition.
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

    /// What a BIOS starts, with the rest of it.
    private func biosLoader(
        goingOnAt rest: Range<UInt64>
    ) throws(DiskReadError) -> ImageMap.Loader {
        let first = try source.region("", MasterBootRecord.byteCount, at: 0)
        let area = try source.region(
            "", Int(rest.upperBound - rest.lowerBound), at: rest.lowerBound)
        return ImageMap.Loader(
            place: "boot sector", offset: 0, isForBIOS: true, isSigned: false,
            digest: BIOSImage.loaderDigest(first.bytes + area.bytes))
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

    /// Longer ones are told by as many of their bytes.
    private static var largestLoader: Int { 1 << 20 }
}
