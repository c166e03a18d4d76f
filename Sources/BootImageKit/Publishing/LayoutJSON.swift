import DiskImage
import ELFKit
import HostSystem

/// An image's layout as JSON: the partitions in its tables, and every extent.
///
/// Numbers of sectors and bytes are exact in every reader: no image has 2⁵³ of them.
struct LayoutJSON {
    private let layout: ImageLayout

    init(_ layout: ImageLayout) { self.layout = layout }

    var value: JSONObject {
        [
            "sector_size": layout.sectorSize.byteCount.value, "sectors": layout.size.value,
            "disk_signature": layout.bootRecord.map { Number.hex($0.diskSignature) },
            "disk_guid": layout.partitionTable?.diskGUID.description,
            "mbr_partitions": mbrPartitions, "gpt_partitions": gptPartitions,
            "extents": layout.extents.map(extent),
        ]
    }

    private func extent(_ extent: Extent) -> JSONObject {
        [
            "name": extent.name, "first_lba": extent.start.value,
            "sectors": extent.sectors(of: layout.sectorSize).count.value,
            "bytes": extent.content.byteCount.value,
        ]
    }

    private var mbrPartitions: [JSONObject] {
        (layout.bootRecord?.partitions ?? []).enumerated().filter { $1.kind != .unused }.map {
            index, entry in
            [
                "number": index + 1, "type": Number.hex(entry.kind.rawValue),
                "active": entry.isActive, "first_lba": entry.start, "sectors": entry.sectorCount,
            ]
        }
    }

    private var gptPartitions: [JSONObject] {
        (layout.partitionTable?.partitions ?? []).enumerated().map { index, entry in
            [
                "number": index + 1, "type": "\(entry.type)", "guid": "\(entry.guid)",
                "label": entry.label, "first_lba": entry.first.value,
                "sectors": entry.last.value - entry.first.value + 1,
            ]
        }
    }
}
