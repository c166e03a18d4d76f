import BootImageKit
import DiskImage
import ELFKit
import HostSystem

extension ImageInspection {
    /// The inspection for people: map, tables, files, loaders, and the kernels' inspections.
    ///
    /// Names of files and partitions cannot break a line.
    func text(hasColors: Bool) -> String {
        let described =
            [headline, partitionTable, bootSector, tables, isoVolume] + map.volumes.map(volume)
            + [loaders, cardLines]
        var parts = described.map { $0.map(Console.oneLine) }
        parts.insert(DiskPicture(map, hasColors: hasColors).lines, at: 1)
        let text = parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
        let kernels = kernels.map { "the kernel\n" + $0.text }
        return (text + kernels).joined(separator: "\n\n")
    }

    private var headline: [String] {
        let counts = [(errorCount, "error"), (warningCount, "warning")]
            .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        return [
            "\(image): \(kind)",
            "  \(map.byteCount) in \(map.sectorCount)",
            counts.isEmpty
                ? "  sound"
                : "  \(counts.joined(separator: ", ")); list them with bootimage verify",
        ]
    }

    private var partitionTable: [String] {
        if map.partitions.isEmpty { return [] }
        let head = ["", "first", "last", "sectors", "type", "name", "holds", "GUID", ""]
        let rows = map.partitions.map { partition in
            [
                "\(partition.number)", "\(partition.first)", "\(partition.last)",
                "\(partition.sectorCount.value)",
                partition.typeName ?? partition.type, partition.name, partition.fileSystem ?? "–",
                partition.guid.map { "\($0)" } ?? "–",
                [partition.isActive ? "active" : nil, partition.isOnDisk ? nil : "not on the disk"]
                    .compactMap(\.self).joined(separator: ", "),
            ]
        }
        return ["partitions"] + TextTable.lines([head] + rows)
    }

    private var bootSector: [String] {
        guard let sector = map.bootSector else { return [] }
        let code =
            switch sector.code {
            case .none: "none"
            case .passesOn: "none; a BIOS continues with the next disk"
            case .loader: "a loader"
            }
        let entries = sector.entries.map { entry in
            guard entry.isUsed else { return ["entry \(entry.number)", "unused"] }
            let type = entry.typeText + (entry.typeName.map { " (\($0))" } ?? "")
            let last = UInt64(entry.first) + UInt64(entry.sectorCount)
            let status = entry.isActive ? ", active" : entry.status == 0 ? "" : ", bad status"
            return [
                "entry \(entry.number)",
                "\(type), sectors \(entry.first)–\(max(last, 1) - 1)\(status)",
            ]
        }
        return ["boot sector"]
            + TextTable.lines(
                [
                    ["code", code], ["disk signature", Number.hex(sector.diskSignature)],
                    ["ends in 55 AA", sector.hasSignature ? "yes" : "no"],
                ] + entries)
    }

    private var tables: [String] {
        guard let table = map.table else { return [] }
        let copies = table.copies.map { copy in
            [
                copy.isBackup ? "backup" : "first copy",
                "at sector \(copy.header), \(copy.isSound ? "sound" : "damaged")",
            ]
        }
        return ["GUID partition table"]
            + TextTable.lines([["disk GUID", "\(table.diskGUID)"]] + copies)
    }

    private var isoVolume: [String] {
        guard let volume = map.isoVolume else { return [] }
        let images = volume.bootImages.map { image in
            [
                "boot image",
                "\(image.platformName), at offset \(Number.hex(image.bytes.lowerBound))"
                    + (image.isBootable ? "" : ", not bootable"),
            ]
        }
        return ["ISO 9660 volume"]
            + TextTable.lines(
                [["label", volume.label], ["size", "\(volume.byteCount) bytes"]] + images)
            + TextTable.lines(
                [["file", "bytes", "sectors"]]
                    + FileTree(volume).nodes.map { node in
                        [
                            Self.name(of: node), "\(node.byteCount)",
                            Self.list(node.runs.map(sectors)),
                        ]
                    })
    }

    private var loaders: [String] {
        if map.loaders.isEmpty { return [] }
        return ["loaders"]
            + TextTable.lines(
                map.loaders.map { loader in
                    [
                        loader.place,
                        loader.identity(
                            signers: signers[loader.offset] ?? [],
                            buildNumber: buildNumbers[loader.offset]),
                    ]
                })
    }

    private var cardLines: [String] {
        guard let card else { return [] }
        let kernel = card.kernel.map { file in
            [
                ["kernel", "\(file.path), \(file.byteCount) bytes"],
                ["load address", cardKernelPlace?.text ?? "–"],
            ]
        }
        let lines = card.configuration.lines.filter { !$0.isEmpty }
        let omitted = lines.count - Self.shownLines
        let boards = card.offers.map { offer in
            [
                offer.board.name,
                offer.missing.isEmpty
                    ? "boot files are there" : "no " + offer.missing.joined(separator: ", no "),
            ]
        }
        return ["card for a Raspberry Pi"]
            + TextTable.lines(
                (kernel ?? [["kernel", "none"]])
                    + (card.commandLine.map { [["command line", $0]] } ?? []) + boards)
            + ["  \(BoardConfiguration.fileName)"]
            + lines.prefix(Self.shownLines).map { "    \($0)" }
            + (omitted > 0 ? ["    … \(omitted) more lines"] : [])
    }

    /// How many lines of `config.txt` are shown.
    private static let shownLines = 100

    private func volume(_ volume: FATVolumeContents) -> [String] {
        let place = volume.partition.map { "partition \($0), " } ?? ""
        let title =
            "\(place)\(volume.type.name)\(volume.label.map { " “\($0)”" } ?? ""), "
            + "serial number \(Number.hex(volume.volumeID)), "
            + "\(volume.clusterCount) clusters of \(volume.clusterByteCount) bytes, "
            + "\(volume.clusterCount(of: .free)) free"
        let rows = FileTree(volume).nodes.map { node in
            [
                Self.name(of: node), "\(node.byteCount)",
                Self.list(node.runs.map { volume.clusters(of: $0) }),
                Self.list(node.runs.map(sectors)),
                node.modified?.text ?? "–",
            ]
        }
        if rows.isEmpty { return [title, "  no files"] }
        return [title]
            + TextTable.lines([["name", "bytes", "clusters", "sectors", "written"]] + rows)
    }

    private static func name(of node: FileTree.Node) -> String {
        String(repeating: "  ", count: node.depth) + node.name
    }

    private func sectors(of bytes: Range<UInt64>) -> ClosedRange<UInt64> {
        let unit = map.sectorSize.byteCount.value
        return bytes.lowerBound / unit...max(bytes.upperBound - 1, bytes.lowerBound) / unit
    }

    /// The first few ranges of a fragmented file.
    private static func list(_ ranges: [ClosedRange<UInt64>]) -> String {
        let limit = 3
        let texts = ranges.prefix(limit).map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
        }
        let more = ranges.count > limit ? ["… \(ranges.count) pieces"] : []
        return ranges.isEmpty ? "–" : (texts + more).joined(separator: ", ")
    }
}

extension ImageMap.Loader {
    fileprivate func identity(signers: [String], buildNumber: UInt64?) -> String {
        let name = isOwn ? "bootimage \(Version.current)" : "not of this version of bootimage"
        if !isSigned { return name }
        let names = signers.map { "“\($0)”" }.joined(separator: " and ")
        let build = buildNumber.map { ", build \($0)" } ?? ""
        return "\(name); signed\(names.isEmpty ? "" : " by \(names)")\(build), not verified"
    }
}
