import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// The JSON of `bootimage inspect IMAGE`; `docs/inspect.md` describes the keys.
extension ImageInspection: Encodable {
    /// Encodes the report: the regions, what each structure says, and the kernels' reports.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encode([
            "file": image.text, "format": map.kind, "size": map.byteCount.value,
            "sector_size": map.sectorSize.byteCount.value, "sectors": map.sectorCount.value,
            "errors": errorCount, "warnings": warningCount,
            "regions": map.regions.map(\.report), "boot_sector": map.bootSector?.report,
            "gpt": map.table?.report, "partitions": map.partitions.map(\.report),
            "iso9660": map.isoVolume?.report, "card": cardReport,
            "volumes": map.volumes.map(\.report),
            "payload": map.payload?.report,
            "loaders": map.loaders.map { loader in
                loader.report + [
                    "signers": signers[loader.offset] ?? [],
                    "build_number": buildNumbers[loader.offset], "verified": false,
                ]
            },
            "kernel": kernels.first, "kernels": kernels,
        ])
    }
}

extension ImageInspection {
    private var cardReport: JSONObject? {
        guard let card else { return nil }
        let kernel: JSONObject? = card.kernel.map { file in
            [
                "path": file.path, "size": file.byteCount,
                "load_address": cardKernelPlace.map { Number.hex($0.address) },
                "image_header": cardKernelPlace?.hasHeader,
            ]
        }
        let boards: [JSONObject] = card.offers.map { offer in
            ["board": offer.board.rawValue, "missing": offer.missing]
        }
        return [
            "config": card.configuration.lines, "command_line": card.commandLine,
            "kernel": kernel, "boards": boards,
        ]
    }
}

extension DiskRegion {
    /// Regions lie at most a few deep in each other.
    fileprivate var report: JSONObject {
        [
            "name": name, "kind": kind.rawValue, "first_sector": sectors.start.value,
            "sectors": sectors.count.value, "size": byteCount, "cut": isCut,
            "parts": parts.map(\.report),
        ]
    }
}

extension BootSector {
    fileprivate var report: JSONObject {
        let code =
            switch code {
            case .none: "none"
            case .passesOn: "passes-on"
            case .loader: "loader"
            }
        let entries: [JSONObject] = entries.filter(\.isUsed).map { entry in
            [
                "number": entry.number, "active": entry.isActive,
                "status": Number.hex(entry.status), "type": entry.typeText,
                "type_name": entry.typeName, "first_sector": entry.first,
                "sectors": entry.sectorCount,
            ]
        }
        return [
            "code": code, "signature": hasSignature, "disk_signature": Number.hex(diskSignature),
            "entries": entries,
        ]
    }
}

extension GPTMap {
    fileprivate var report: JSONObject {
        let copies: [JSONObject] = copies.map { copy in
            ["backup": copy.isBackup, "header_sector": copy.header.value, "sound": copy.isSound]
        }
        return ["disk_guid": "\(diskGUID)", "copies": copies]
    }
}

extension DiskPartition {
    fileprivate var report: JSONObject {
        [
            "number": number, "first_sector": first.value, "last_sector": last.value,
            "sectors": sectorCount.value, "type": type, "type_name": typeName, "name": name,
            "guid": guid?.description, "attributes": Number.hex(attributes), "active": isActive,
            "on_disk": isOnDisk, "file_system": fileSystem,
        ]
    }
}

extension ISOContents {
    fileprivate var report: JSONObject {
        let images: [JSONObject] = bootImages.map { image in
            [
                "platform": image.platformName, "bootable": image.isBootable,
                "offset": Number.hex(image.bytes.lowerBound), "size": image.bytes.length,
            ]
        }
        let files: [JSONObject] = FileTree(self).nodes.map { node in
            [
                "path": node.path, "folder": node.isFolder, "size": node.byteCount,
                "offset": node.runs.first.map { Number.hex($0.lowerBound) },
            ]
        }
        return ["label": label, "size": byteCount, "boot_images": images, "files": files]
    }
}

extension Verification.Payload {
    fileprivate var report: JSONObject {
        let items: [JSONObject] = items.map { item in
            [
                "kind": item.kind.rawValue, "name": "\(item.kind)",
                "offset": Number.hex(item.bytes.lowerBound), "size": item.bytes.length,
            ]
        }
        return ["header_offset": Number.hex(headerOffset), "items": items]
    }
}

extension ImageMap.Loader {
    fileprivate var report: JSONObject {
        let isOwn = isOwn
        let version = isOwn ? Version.current : nil
        return [
            "place": place, "offset": Number.hex(offset), "firmware": isForBIOS ? "bios" : "uefi",
            "own": isOwn, "version": version, "signed": isSigned,
        ]
    }
}

extension FATVolumeContents {
    fileprivate var report: JSONObject {
        [
            "partition": partition, "offset": Number.hex(offset), "size": byteCount,
            "type": type.name, "label": label, "serial_number": Number.hex(volumeID),
            "cluster_size": clusterByteCount, "clusters": clusterCount,
            "free_clusters": clusterCount(of: .free), "bad_clusters": clusterCount(of: .bad),
            "lost_clusters": clusterCount(of: .lost), "files": FileTree(self).nodes.map(report),
        ]
    }

    private func report(_ node: FileTree.Node) -> JSONObject {
        let extents: [JSONObject] = node.runs.map { run in
            [
                "first_cluster": clusters(of: run).lowerBound,
                "offset": Number.hex(run.lowerBound), "size": run.length,
            ]
        }
        return [
            "path": node.path, "folder": node.isFolder, "size": node.byteCount,
            "modified": node.modified?.text, "extents": extents,
        ]
    }
}
