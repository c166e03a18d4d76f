/// A FAT volume with its content, which turns tree, places and sizes into regions of the disk.
struct FATVolume {
    let tree: FolderTree
    let placement: FATPlacement
    let start: LBA
    let volumeID: UInt32
    let label: VolumeLabel
    let timestamp: FATTimestamp

    var geometry: FATGeometry { placement.geometry }
    private var allocation: FATAllocation { placement.allocation }

    /// The regions with content, in the order of the disk.
    var extents: [Extent] {
        reservedExtents + fatExtents + folderExtents + fileExtents
    }

    private var reservedExtents: [Extent] {
        let boot = BIOSParameterBlock(
            geometry: geometry, start: start, volumeID: volumeID, label: label)
        let bootExtent = Extent("\(type.name) boot sector", at: start, .bytes(boot.encoded()))
        guard type == .fat32 else { return [bootExtent] }
        let backup = start + SectorCount(UInt64(BIOSParameterBlock.backupSector))
        let infoOffset = SectorCount(UInt64(BIOSParameterBlock.infoSector))
        return [
            bootExtent,
            Extent("FSInfo", at: start + infoOffset, .bytes(info.encoded())),
            Extent("backup boot sector", at: backup, .bytes(boot.encoded())),
            Extent("backup FSInfo", at: backup + infoOffset, .bytes(info.encoded())),
        ]
    }

    private var type: FATType { geometry.format.type }

    private var info: FSInfo {
        let isFull = allocation.clusterCount == geometry.clusterCount
        return FSInfo(
            freeCount: UInt32(geometry.clusterCount - allocation.usedCount),
            nextFree: isFull ? nil : .first + allocation.clusterCount)
    }

    private var fatExtents: [Extent] {
        let table = FileAllocationTable(type, allocation.folders + allocation.files).encoded()
        let first = start + geometry.reserved
        return [
            Extent("FAT 1", at: first, .bytes(table)),
            Extent("FAT 2", at: first + geometry.fat, .bytes(table)),
        ]
    }

    private var folderExtents: [Extent] {
        tree.folders.indices.map { index in
            Extent(
                "folder /\(tree.folders[index].path)",
                at: address(ofFolder: index), .bytes(encodedFolder(index)))
        }
    }

    private var fileExtents: [Extent] {
        zip(tree.files, allocation.files).compactMap { file, run in
            run.count == 0 ? nil : Extent(file.path, at: address(of: run), file.content)
        }
    }

    /// The first sector of each of the tree's files; `nil` for empty files.
    var fileStarts: [LBA?] {
        allocation.files.map { $0.count == 0 ? nil : address(of: $0) }
    }

    private func address(ofFolder index: Int) -> LBA {
        guard index != FolderTree.root || type.hasRootInClusters else {
            return start + geometry.rootStart
        }
        return address(of: allocation.folders[index])
    }

    private func address(of run: ClusterRun) -> LBA {
        start + geometry.sector(of: run.first)
    }

    private func encodedFolder(_ index: Int) -> [UInt8] {
        let folder = tree.folders[index]
        let shortNames = ShortNameAllocator.shortNames(for: folder.entries.map(\.name))
        return ByteWriter.write(folder.entryCount * DirectoryEntry.byteCount) { writer in
            for entry in ownEntries(of: index) { writer.append(entry) }
            for ((name, item), short) in zip(folder.entries, shortNames) {
                if short.description != name.text {
                    for part in LongNameEntry.entries(of: name.text, for: short) {
                        writer.append(part)
                    }
                }
                writer.append(entry(short, for: item))
            }
        }
    }

    /// The volume's label in the root; `.` and `..` in other folders.
    private func ownEntries(of index: Int) -> [DirectoryEntry] {
        guard index != FolderTree.root else {
            let name = ShortName(decoding: label.bytes)
            return [
                DirectoryEntry(shortName: name, attributes: .volumeLabel, timestamp: timestamp)
            ]
        }
        let parent = tree.folders[index].parent
        let own = allocation.folders[index].first
        // FAT 1.03 §6.5: the cluster of `..` is 0 in folders of the root, wherever the root is.
        let around = parent == FolderTree.root ? .none : allocation.folders[parent].first
        return [(ShortName.itself, own), (.parent, around)].map { name, cluster in
            DirectoryEntry(
                shortName: name, attributes: .folder, timestamp: timestamp, firstCluster: cluster)
        }
    }

    private func entry(_ shortName: ShortName, for item: FolderTree.Item) -> DirectoryEntry {
        switch item {
        case .folder(let index):
            DirectoryEntry(
                shortName: shortName, attributes: .folder, timestamp: timestamp,
                firstCluster: allocation.folders[index].first)
        case .file(let index):
            DirectoryEntry(
                shortName: shortName, attributes: .archive, timestamp: timestamp,
                firstCluster: allocation.files[index].first,
                byteCount: UInt32(tree.files[index].content.byteCount.value))
        }
    }
}
