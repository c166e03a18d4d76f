import DiskImage
import HostSystem

/// An image's layout in a manifest: the partitions in its tables, and every extent.
///
/// Numbers of sectors and bytes are exact in every reader: no image has 2⁵³ of them.
extension ImageLayout {
    var json: JSONObject {
        let extents: [JSONObject] = extents.map { extent in
            [
                "name": extent.name, "first_lba": extent.start.value,
                "sectors": extent.sectors(of: sectorSize).count.value,
                "bytes": extent.content.byteCount.value,
            ]
        }
        return [
            "sector_size": sectorSize.byteCount.value, "sectors": size.value,
            "disk_signature": bootRecord.map { Number.hex($0.diskSignature) },
            "disk_guid": partitionTable?.diskGUID.description,
            "mbr_partitions": mbrPartitions, "gpt_partitions": gptPartitions, "extents": extents,
        ]
    }

    private var mbrPartitions: [JSONObject] {
        (bootRecord?.partitions ?? []).enumerated().filter { $1.kind != .unused }.map {
            index, entry in
            [
                "number": index + 1, "type": Number.hex(entry.kind.rawValue),
                "active": entry.isActive, "first_lba": entry.start, "sectors": entry.sectorCount,
            ]
        }
    }

    private var gptPartitions: [JSONObject] {
        (partitionTable?.partitions ?? []).enumerated().map { index, entry in
            [
                "number": index + 1, "type": "\(entry.type)", "guid": "\(entry.guid)",
                "label": entry.label, "first_lba": entry.first.value,
                "sectors": entry.last.value - entry.first.value + 1,
            ]
        }
    }
}
