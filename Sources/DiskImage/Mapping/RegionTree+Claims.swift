extension RegionTree {
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

    /// Claims the items that the BIOS loader loads, except those that start at a `claimed` place.
    mutating func claim(_ payload: Verification.Payload, besides claimed: Set<UInt64>) {
        let header = payload.headerOffset
        claim(
            "payload header", .payloadHeader, header..<header + UInt64(PayloadHeader.byteCount))
        for item in payload.items where !claimed.contains(item.bytes.lowerBound) {
            claim("\(item.kind)", DiskRegion.Kind(item.kind), item.bytes)
        }
    }

    /// Claims a volume's structures, folders, files and free clusters.
    mutating func claim(_ volume: FATVolumeContents, _ loaderFiles: [LoaderFile]) {
        if volume.partition == nil {
            claim(
                "\(volume.type.name) volume", .partition,
                volume.offset..<volume.offset + volume.byteCount)
        }
        for structure in volume.boot.structures {
            claim(structure.name, .fileSystem, structure.bytes)
        }
        for folder in volume.folders {
            for run in folder.runs { claim("\(folder.path)/", .folder, run) }
        }
        for file in volume.files {
            let kind = DiskRegion.Kind(ofFile: file.path, loaderFiles)
            for run in file.runs {
                claim(file.path, kind, run, inPiecesOf: volume.clusterByteCount)
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

    /// Claims a disc's structures and folders, and its boot images and files except those that
    /// start at a `claimed` place.
    mutating func claim(
        _ volume: ISOContents, besides claimed: Set<UInt64>, _ loaderFiles: [LoaderFile]
    ) {
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
        let files = volume.files.filter { !$0.isFolder && !claimed.contains($0.bytes.lowerBound) }
        for image in volume.bootImages where !claimed.contains(image.bytes.lowerBound) {
            // The length in its entry is often shorter than the file.
            let file = files.first { $0.bytes.lowerBound == image.bytes.lowerBound }
            let end = max(image.bytes.upperBound, file?.bytes.upperBound ?? 0)
            claim(
                (file.map { "\($0.path), " } ?? "") + "boot image for \(image.platformName)",
                .loader, image.bytes.lowerBound..<end)
        }
        let others = Set(
            volume.bootImages.map(\.bytes.lowerBound) + [volume.catalogOffset].compactMap(\.self))
        for file in files where !others.contains(file.bytes.lowerBound) {
            claim(
                file.path, DiskRegion.Kind(ofFile: file.path, loaderFiles), file.bytes,
                inPiecesOf: block)
        }
    }
}
