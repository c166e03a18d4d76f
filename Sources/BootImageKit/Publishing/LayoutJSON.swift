import DiskImage
import ELFKit
import HostSystem

/// An image's layout for programs: partitions as its tables tell them, and every extent.
///
/// Numbers of sectors and bytes are exact in every reader: no image has 2⁵³ of them.
struct LayoutJSON {
    private let layout: ImageLayout

    init(_ layout: ImageLayout) { self.layout = layout }

    var value: JSONObject {
        let table = header
        return [
            "sector_size": layout.sectorSize.byteCount.value, "sectors": layout.size.value,
            "disk_signature": record.map { Number.hex($0.diskSignature) },
            "disk_guid": table?.diskGUID.description, "mbr_partitions": mbrPartitions,
            "gpt_partitions": table.map(gptPartitions) ?? [],
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
        (record?.partitions ?? []).enumerated().filter { $1.kind != .unused }.map { index, entry in
            [
                "number": index + 1, "type": Number.hex(entry.kind.rawValue),
                "active": entry.isActive, "first_lba": entry.sectors.start.value,
                "sectors": entry.sectors.count.value,
            ]
        }
    }

    private func gptPartitions(_ header: GPTHeader) -> [JSONObject] {
        let entries = bytes(at: header.entriesAddress) ?? []
        return (0..<GPTPartitionEntry.countPerTable).compactMap { index in
            let bytes = entries.dropFirst(index * GPTPartitionEntry.byteCount)
            guard let entry = try? GPTPartitionEntry(decoding: bytes), entry.type != .unused else {
                return nil
            }
            return [
                "number": index + 1, "type": "\(entry.type)", "guid": "\(entry.guid)",
                "label": entry.label, "first_lba": entry.first.value,
                "sectors": entry.last.value - entry.first.value + 1,
            ]
        }
    }

    private var record: MasterBootRecord? {
        bytes(at: LBA(0)).flatMap { try? MasterBootRecord(decoding: $0) }
    }

    private var header: GPTHeader? {
        bytes(at: LBA(1)).flatMap { try? GPTHeader(decoding: $0) }
    }

    /// What is in memory of the extent that begins there.
    private func bytes(at address: LBA) -> [UInt8]? {
        guard let extent = layout.extents.first(where: { $0.start == address }),
            case .bytes(let bytes) = extent.content
        else { return nil }
        return bytes
    }
}
