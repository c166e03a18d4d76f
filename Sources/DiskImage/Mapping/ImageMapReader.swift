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

    /// Where pieces of files of FAT volumes start: they are told as those, whatever else they are.
    private let fileStarts: Set<UInt64>
    private func isFATFile(at offset: UInt64) -> Bool { fileStarts.contains(offset) }

    init(_ source: Source, _ verification: Verification) {
        (self.source, self.verification) = (source, verification)
        let runs = verification.volumes.flatMap(\.files).flatMap(\.runs)
        fileStarts = Set(runs.map(\.lowerBound))
        tree = RegionTree(source.byteCount, verification.sectorSize)
    }

    mutating func map() throws(DiskReadError) -> ImageMap {
        let isVolume = verification.kind == Verification.volumeAlone
        let bootSector =
            isVolume
            ? nil : BootSector(try source.region("", MasterBootRecord.byteCount, at: 0))
        let table =
            try isVolume
            ? nil
            : GPTMapReader(
                source: source, sectorSize: sectorSize, disk: disk
            ).table()
        let isoVolume = try isVolume ? nil : ISOReader(source: source).volume()
        var partitions = table?.partitions ?? []
        if let bootSector, table == nil, !bootSector.isProtective {
            partitions = bootSector.entries.filter(\.isUsed)
                .map { DiskPartition($0, disk: disk) }
        }
        for index in partitions.indices { try tellFileSystem(of: &partitions[index]) }
        let biosLoader = try bootSector.flatMap { sector throws(DiskReadError) in
            try BIOSLoaderReader(source: source).loader(startedBy: sector)
        }
        let gap = try gap(before: partitions, table)
        claim(bootSector, table)
        if let isoVolume { claim(isoVolume) }
        for partition in partitions {
            tree.claim(partition.title, .partition, partition.bytes(sectorSize))
        }
        for volume in verification.volumes { try claim(volume) }
        let payload = biosLoader?.payload ?? verification.payload
        claim(biosLoader, gap, hasCode: bootSector?.code == .loader)
        if let payload { claim(payload) }
        return ImageMap(
            verification, source.byteCount, bootSector: bootSector, table: table,
            partitions: partitions, isoVolume: isoVolume, payload: payload,
            loaders: try biosLoaders(bootSector, biosLoader, gap) + efiLoaders(),
            regions: tree.regions())
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

    private mutating func claim(_ bootSector: BootSector?, _ table: GPTMap?) {
        guard let bootSector else { return }
        let unit = sectorSize.byteCount.value
        tree.claim(
            bootSector.isProtective ? "protective MBR" : "boot sector", .bootSector,
            0..<UInt64(MasterBootRecord.byteCount))
        for copy in table?.copies ?? [] {
            let name = copy.isBackup ? "backup GPT" : "GPT"
            let start = copy.header.value * unit
            tree.claim("\(name) header", .partitionTable, start..<start + unit)
            tree.claim("\(name) entries", .partitionTable, copy.entries)
        }
    }

    /// What goes on where the boot sector ends: as that says, or what is there.
    private mutating func claim(
        _ loader: BIOSLoaderReader<Source>.Loader?, _ gap: Range<UInt64>, hasCode: Bool
    ) {
        if let loader { return tree.claim("BIOS loader", .loader, loader.bytes) }
        tree.claim(hasCode ? "BIOS loader" : "data", hasCode ? .loader : .data, gap)
    }

    private func biosLoaders(
        _ bootSector: BootSector?, _ loader: BIOSLoaderReader<Source>.Loader?, _ gap: Range<UInt64>
    ) throws(DiskReadError) -> [ImageMap.Loader] {
        guard bootSector?.code == .loader else { return [] }
        let first = try source.region("", MasterBootRecord.byteCount, at: 0)
        let rest = loader?.secondPart ?? gap
        let area = try source.region(
            "", Int(rest.upperBound - rest.lowerBound), at: rest.lowerBound)
        return [
            ImageMap.Loader(
                place: "boot sector", offset: 0, isForBIOS: true, isSigned: false,
                digest: BIOSImage.loaderDigest(first.bytes + area.bytes))
        ]
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

    private mutating func claim(_ volume: ISOContents) {
        tree.claim("ISO 9660 descriptors", .fileSystem, volume.descriptors)
        if let offset = volume.catalogOffset {
            tree.claim(
                "El Torito catalogue", .fileSystem, offset..<offset + ISOContents.blockByteCount)
        }
        var files = volume.files
        for image in volume.bootImages {
            let name = "boot image for \(image.platformName)"
            // Its entry seldom tells the whole length of the file that it is.
            let index = files.firstIndex {
                !$0.isFolder && $0.bytes.lowerBound == image.bytes.lowerBound
            }
            let file = index.map { files.remove(at: $0) }
            let end = max(image.bytes.upperBound, file?.bytes.upperBound ?? 0)
            tree.claim(
                file.map { "\($0.path), \(name)" } ?? name, .loader,
                image.bytes.lowerBound..<end)
        }
        for file in files
        where file.bytes.lowerBound != volume.catalogOffset
            && !isFATFile(at: file.bytes.lowerBound)
        {
            tree.claim(
                file.isFolder ? "\(file.path)/" : file.path,
                file.isFolder ? .folder : Self.kind(ofFile: file.path), file.bytes,
                inPiecesOf: ISOContents.blockByteCount)
        }
    }

    private mutating func claim(_ payload: Verification.Payload) {
        let header = payload.headerOffset
        tree.claim(
            "payload header", .payloadHeader, header..<header + UInt64(PayloadHeader.byteCount))
        for item in payload.items where !isFATFile(at: item.bytes.lowerBound) {
            tree.claim("\(item.kind)", item.kind.regionKind, item.bytes)
        }
    }

    private mutating func claim(_ volume: FATVolumeContents) throws(DiskReadError) {
        if volume.partition == nil {
            tree.claim(
                "\(volume.type.name) volume", .partition,
                volume.offset..<volume.offset + volume.byteCount)
        }
        let boot = try source.region("", MasterBootRecord.byteCount, at: volume.offset)
        for (name, bytes) in FATParameters(boot: boot).structures {
            tree.claim(name, .fileSystem, bytes)
        }
        for folder in volume.folders {
            for run in folder.runs { tree.claim("\(folder.path)/", .folder, run) }
        }
        for file in volume.files {
            let kind = Self.kind(ofFile: file.path)
            for run in file.runs {
                tree.claim(file.path, kind, run, inPiecesOf: volume.clusterByteCount)
            }
        }
        for run in volume.unowned {
            switch run.mark {
            case .free: tree.claim("free", .free, run.bytes)
            case .bad: tree.claim("bad clusters", .lost, run.bytes)
            case .lost: tree.claim("lost clusters", .lost, run.bytes)
            }
        }
    }

    private func efiLoaders() throws(DiskReadError) -> [ImageMap.Loader] {
        var loaders: [ImageMap.Loader] = []
        let files = verification.volumes.flatMap(\.files)
        for file in files where Self.kind(ofFile: file.path) == .loader {
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

    /// What a file is by the path under which firmware or our loader looks for it.
    private static func kind(ofFile path: String) -> DiskRegion.Kind {
        let path = path.uppercased()
        switch path {
        case "/KERNEL-X86_64": return .kernel
        case "/RAMDISK": return .ramdisk
        case "/BOOT.JSON": return .bootConfiguration
        default:
            let isLoader = PECheck<Source>.machines.keys.contains { path == "/EFI/BOOT/\($0)" }
            return isLoader ? .loader : .file
        }
    }
}

extension PayloadKind {
    fileprivate var regionKind: DiskRegion.Kind {
        switch self {
        case .kernel: .kernel
        case .ramdisk: .ramdisk
        case .bootConfiguration: .bootConfiguration
        default: .data
        }
    }
}

extension FATParameters {
    /// What lies before the clusters, in bytes from the disk's start.
    fileprivate var structures: [(name: String, bytes: Range<UInt64>)] {
        let unit = sectorByteCount
        func sectors(_ first: UInt64, _ count: UInt64) -> Range<UInt64> {
            let start = boot.offset + first * unit
            return start..<start + count * unit
        }
        var all = [("\(type.name) boot sector", sectors(0, 1))]
        if is32, infoSector > 0, infoSector < reserved {
            all.append(("FSInfo", sectors(infoSector, 1)))
        }
        if is32, backupSector > 0, backupSector < reserved {
            all.append(("backup boot sector", sectors(backupSector, 1)))
        }
        for number in 0..<copies {
            all.append(("FAT \(number + 1)", sectors(reserved + number * fatSectors, fatSectors)))
        }
        return all
    }
}
