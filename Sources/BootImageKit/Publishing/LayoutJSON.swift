import DiskImage
import ELFKit
import HostSystem

/// An image's layout for programs: partitions as its tables tell them, and every extent.
///
/// Numbers of sectors and bytes are exact in every reader: no image has 2⁵³ of them.
struct LayoutJSON {
    private let layout: ImageLayout

    init(_ layout: ImageLayout) { self.layout = layout }

    var value: JSONValue {
        .object([
            ("sector_size", .number(layout.sectorSize.byteCount.value)),
            ("sectors", .number(layout.size.value)),
            (
                "disk_signature",
                layout.bootRecord.map { .string(Number.hex(UInt64($0.diskSignature))) } ?? .null
            ),
            ("disk_guid", layout.partitionTable.map { .string("\($0.diskGUID)") } ?? .null),
            ("mbr_partitions", .array(mbrPartitions)),
            ("gpt_partitions", .array(gptPartitions)),
            ("extents", .array(layout.extents.map(extent))),
        ])
    }

    private func extent(_ extent: Extent) -> JSONValue {
        .object([
            ("name", .string(extent.name)),
            ("first_lba", .number(extent.start.value)),
            ("sectors", .number(extent.sectors(of: layout.sectorSize).count.value)),
            ("bytes", .number(extent.content.byteCount.value)),
        ])
    }

    private var mbrPartitions: [JSONValue] {
        (layout.bootRecord?.partitions ?? []).enumerated().filter { $1.kind != .unused }.map {
            index, entry in
            .object([
                ("number", .number(UInt64(index + 1))),
                ("type", .string(Number.hex(UInt64(entry.kind.rawValue)))),
                ("active", .bool(entry.isActive)),
                ("first_lba", .number(UInt64(entry.start))),
                ("sectors", .number(UInt64(entry.sectorCount))),
            ])
        }
    }

    private var gptPartitions: [JSONValue] {
        (layout.partitionTable?.partitions ?? []).enumerated().map { index, entry in
            .object([
                ("number", .number(UInt64(index + 1))),
                ("type", .string("\(entry.type)")),
                ("guid", .string("\(entry.guid)")),
                ("label", .string(entry.label)),
                ("first_lba", .number(entry.first.value)),
                ("sectors", .number(entry.last.value - entry.first.value + 1)),
            ])
        }
    }
}
