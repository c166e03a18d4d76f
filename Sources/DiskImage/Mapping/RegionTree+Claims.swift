extension RegionTree {
    /// Claims what partition tables are made of.
    mutating func claim(_ bootSector: BootSector, _ table: GPTMap?, _ sectorSize: SectorSize) {
        claim(
            bootSector.isProtective ? "protective MBR" : "boot sector", .bootSector,
            0..<UInt64(MasterBootRecord.byteCount))
        for copy in table?.copies ?? [] {
            let name = copy.isBackup ? "backup GPT" : "GPT"
            let start = sectorSize.offset(of: copy.header).value
            claim("\(name) header", .partitionTable, start..<start + sectorSize.byteCount.value)
            claim("\(name) entries", .partitionTable, copy.entries)
        }
    }

    /// Claims what the loader for BIOS loads, but for what is at one of those places.
    mutating func claim(_ payload: Verification.Payload, besides told: Set<UInt64>) {
        let header = payload.headerOffset
        claim(
            "payload header", .payloadHeader, header..<header + UInt64(PayloadHeader.byteCount))
        for item in payload.items where !told.contains(item.bytes.lowerBound) {
            claim("\(item.kind)", item.kind.regionKind, item.bytes)
        }
    }

    /// Claims a volume's structures, folders, files and free clusters.
    mutating func claim(_ volume: FATVolumeContents, _ parameters: FATParameters) {
        if volume.partition == nil {
            claim(
                "\(volume.type.name) volume", .partition,
                volume.offset..<volume.offset + volume.byteCount)
        }
        for (name, bytes) in parameters.structures { claim(name, .fileSystem, bytes) }
        for folder in volume.folders {
            for run in folder.runs { claim("\(folder.path)/", .folder, run) }
        }
        for file in volume.files {
            for run in file.runs {
                claim(
                    file.path, DiskRegion.Kind(ofFile: file.path), run,
                    inPiecesOf: volume.clusterByteCount)
            }
        }
        for run in volume.unowned {
            switch run.mark {
            case .free: claim("free", .free, run.bytes)
            case .bad: claim("bad clusters", .lost, run.bytes)
            case .lost: claim("lost clusters", .lost, run.bytes)
            }
        }
    }

    /// Claims a disc's structures and folders, and its boot images and files but for those that
    /// start at one of those places.
    mutating func claim(_ volume: ISOContents, besides told: Set<UInt64>) {
        let block = ISOContents.blockByteCount
        claim("ISO 9660 descriptors", .fileSystem, volume.descriptors)
        if let offset = volume.catalogOffset {
            claim("El Torito catalogue", .fileSystem, offset..<offset + block)
        }
        for table in volume.pathTables {
            claim("path table", .fileSystem, table, inPiecesOf: block)
        }
        for hierarchy in volume.hierarchies {
            for folder in hierarchy.files where folder.isFolder {
                claim(
                    "\(folder.path)/ (\(hierarchy.naming.rawValue))", .folder, folder.bytes,
                    inPiecesOf: block)
            }
        }
        let files = volume.files.filter { !$0.isFolder && !told.contains($0.bytes.lowerBound) }
        for image in volume.bootImages where !told.contains(image.bytes.lowerBound) {
            // Its entry seldom tells the whole length of the file that it is.
            let file = files.first { $0.bytes.lowerBound == image.bytes.lowerBound }
            let end = max(image.bytes.upperBound, file?.bytes.upperBound ?? 0)
            claim(
                (file.map { "\($0.path), " } ?? "") + "boot image for \(image.platformName)",
                .loader, image.bytes.lowerBound..<end)
        }
        let others = Set(
            volume.bootImages.map(\.bytes.lowerBound) + [volume.catalogOffset].compactMap(\.self))
        for file in files where !others.contains(file.bytes.lowerBound) {
            claim(file.path, DiskRegion.Kind(ofFile: file.path), file.bytes, inPiecesOf: block)
        }
    }
}

extension DiskRegion.Kind {
    /// What a file is by the path under which firmware or our loader looks for it.
    init(ofFile path: String) {
        switch path.uppercased() {
        case "/KERNEL-X86_64", "/KERNEL-AARCH64": self = .kernel
        case "/RAMDISK": self = .ramdisk
        case "/BOOT.JSON": self = .bootConfiguration
        default: self = EFILoaderNames.contain(path: path) ? .loader : .file
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
