import BootImageKit
import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// An image's inspection for programs; `docs/inspect.md` describes the keys.
struct ImageJSON {
    private let inspection: ImageInspection
    private var map: ImageMap { inspection.map }

    init(_ inspection: ImageInspection) { self.inspection = inspection }

    /// One object.
    var text: String {
        JSONValue.object([
            ("file", .string(inspection.image.string)),
            ("format", map.kind.map { .string($0) } ?? .null),
            ("size", .number(map.byteCount.value)),
            ("sector_size", .number(map.sectorSize.byteCount.value)),
            ("sectors", .number(map.sectorCount.value)),
            ("errors", .number(UInt64(inspection.errorCount))),
            ("warnings", .number(UInt64(inspection.warningCount))),
            ("regions", .array(map.regions.map(Self.region))),
            ("boot_sector", map.bootSector.map(Self.bootSector) ?? .null),
            ("gpt", map.table.map(Self.table) ?? .null),
            ("partitions", .array(map.partitions.map(Self.partition))),
            ("iso9660", map.isoVolume.map(Self.isoVolume) ?? .null),
            ("volumes", .array(map.volumes.map(Self.volume))),
            ("payload", map.payload.map(Self.payload) ?? .null),
            ("loaders", .array(map.loaders.map(Self.loader))),
            ("kernel", inspection.kernels.first.map { InspectionJSON($0).value } ?? .null),
            ("kernels", .array(inspection.kernels.map { InspectionJSON($0).value })),
        ]).text
    }

    /// Regions lie at most a few deep in each other.
    private static func region(_ region: DiskRegion) -> JSONValue {
        .object([
            ("name", .string(region.name)), ("kind", .string(region.kind.rawValue)),
            ("first_sector", .number(region.sectors.start.value)),
            ("sectors", .number(region.sectors.count.value)),
            ("size", .number(region.byteCount)), ("cut", .bool(region.isCut)),
            ("parts", .array(region.parts.map(Self.region))),
        ])
    }

    private static func bootSector(_ sector: BootSector) -> JSONValue {
        let entries = sector.entries.filter(\.isUsed).map { entry in
            JSONValue.object([
                ("number", .number(UInt64(entry.number))), ("active", .bool(entry.isActive)),
                ("status", .string(Number.hex(UInt64(entry.status)))),
                ("type", .string(entry.typeText)),
                ("type_name", entry.typeName.map { .string($0) } ?? .null),
                ("first_sector", .number(UInt64(entry.first))),
                ("sectors", .number(UInt64(entry.sectorCount))),
            ])
        }
        let code =
            switch sector.code {
            case .none: "none"
            case .passesOn: "passes-on"
            case .loader: "loader"
            }
        return .object([
            ("code", .string(code)), ("signature", .bool(sector.hasSignature)),
            ("disk_signature", .string(Number.hex(UInt64(sector.diskSignature)))),
            ("entries", .array(entries)),
        ])
    }

    private static func table(_ table: GPTMap) -> JSONValue {
        .object([
            ("disk_guid", .string("\(table.diskGUID)")),
            (
                "copies",
                .array(
                    table.copies.map { copy in
                        .object([
                            ("backup", .bool(copy.isBackup)),
                            ("header_sector", .number(copy.header.value)),
                            ("sound", .bool(copy.isSound)),
                        ])
                    })
            ),
        ])
    }

    private static func partition(_ partition: DiskPartition) -> JSONValue {
        .object([
            ("number", .number(UInt64(partition.number))),
            ("first_sector", .number(partition.first.value)),
            ("last_sector", .number(partition.last.value)),
            ("sectors", .number(partition.sectorCount.value)),
            ("type", .string(partition.type)),
            ("type_name", partition.typeName.map { .string($0) } ?? .null),
            ("name", .string(partition.name)),
            ("guid", partition.guid.map { .string("\($0)") } ?? .null),
            ("attributes", .string(Number.hex(partition.attributes))),
            ("active", .bool(partition.isActive)), ("on_disk", .bool(partition.isOnDisk)),
            ("file_system", partition.fileSystem.map { .string($0) } ?? .null),
        ])
    }

    private static func isoVolume(_ volume: ISOContents) -> JSONValue {
        let images = volume.bootImages.map { image in
            JSONValue.object([
                ("platform", .string(image.platformName)), ("bootable", .bool(image.isBootable)),
                ("offset", .string(Number.hex(image.bytes.lowerBound))),
                ("size", .number(image.bytes.length)),
            ])
        }
        return .object([
            ("label", .string(volume.label)), ("size", .number(volume.byteCount)),
            ("boot_images", .array(images)), ("files", .array(FileTree(volume).nodes.map(file))),
        ])
    }

    private static func file(_ node: FileTree.Node) -> JSONValue {
        .object([
            ("path", .string(node.path)), ("folder", .bool(node.isFolder)),
            ("size", .number(node.byteCount)),
            ("offset", node.runs.first.map { .string(Number.hex($0.lowerBound)) } ?? .null),
        ])
    }

    private static func payload(_ payload: Verification.Payload) -> JSONValue {
        let items = payload.items.map { item in
            JSONValue.object([
                ("kind", .number(UInt64(item.kind.rawValue))), ("name", .string("\(item.kind)")),
                ("offset", .string(Number.hex(item.bytes.lowerBound))),
                ("size", .number(item.bytes.length)),
            ])
        }
        return .object([
            ("header_offset", .string(Number.hex(payload.headerOffset))), ("items", .array(items)),
        ])
    }

    private static func loader(_ loader: ImageMap.Loader) -> JSONValue {
        .object([
            ("place", .string(loader.place)), ("offset", .string(Number.hex(loader.offset))),
            ("firmware", .string(loader.isForBIOS ? "bios" : "uefi")), ("own", .bool(loader.isOwn)),
            (
                "version",
                loader.isOwn ? .string(Bootimage.toolVersion) : .null
            ),
            ("signed", .bool(loader.isSigned)),
        ])
    }
}

extension ImageJSON {
    private static func volume(_ volume: FATVolumeContents) -> JSONValue {
        func clusters(_ mark: FATVolumeContents.Unowned.Mark) -> JSONValue {
            let bytes = volume.unowned.filter { $0.mark == mark }.reduce(0) { $0 + $1.bytes.length }
            return .number(bytes / max(volume.clusterByteCount, 1))
        }
        return .object([
            ("partition", volume.partition.map { .number(UInt64($0)) } ?? .null),
            ("offset", .string(Number.hex(volume.offset))), ("size", .number(volume.byteCount)),
            ("type", .string(volume.type.name)),
            ("label", volume.label.map { .string($0) } ?? .null),
            ("serial_number", .string(Number.hex(UInt64(volume.volumeID)))),
            ("cluster_size", .number(volume.clusterByteCount)),
            ("clusters", .number(volume.clusterCount)), ("free_clusters", clusters(.free)),
            ("bad_clusters", clusters(.bad)), ("lost_clusters", clusters(.lost)),
            ("files", .array(FileTree(volume).nodes.map { file($0, volume) })),
        ])
    }

    private static func file(_ node: FileTree.Node, _ volume: FATVolumeContents) -> JSONValue {
        let extents = node.runs.map { run in
            JSONValue.object([
                ("first_cluster", .number(volume.clusters(of: run).lowerBound)),
                ("offset", .string(Number.hex(run.lowerBound))), ("size", .number(run.length)),
            ])
        }
        let isTimeKnown = node.modified.map { $0.date != 0 } ?? false
        return .object([
            ("path", .string(node.path)), ("folder", .bool(node.isFolder)),
            ("size", .number(node.byteCount)),
            ("modified", isTimeKnown ? node.modified.map { .string("\($0)") } ?? .null : .null),
            ("extents", .array(extents)),
        ])
    }
}
