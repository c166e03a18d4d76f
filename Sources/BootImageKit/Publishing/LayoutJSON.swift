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
        let table = header
        return .object([
            ("sector_size", .number(layout.sectorSize.byteCount.value)),
            ("sectors", .number(layout.size.value)),
            (
                "disk_signature",
                record.map { .string(Number.hex(UInt64($0.diskSignature))) } ?? .null
            ),
            ("disk_guid", table.map { .string("\($0.diskGUID)") } ?? .null),
            ("mbr_partitions", .array(mbrPartitions)),
            ("gpt_partitions", .array(table.map { gptPartitions($0) } ?? [])),
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
        (record?.partitions ?? []).enumerated().filter { $1.kind != .unused }.map { index, entry in
            .object([
                ("number", .number(UInt64(index + 1))),
                ("type", .string(Number.hex(UInt64(entry.kind.rawValue)))),
                ("active", .bool(entry.isActive)),
                ("first_lba", .number(entry.sectors.start.value)),
                ("sectors", .number(entry.sectors.count.value)),
            ])
        }
    }

    private func gptPartitions(_ header: GPTHeader) -> [JSONValue] {
        let entries = bytes(at: header.entriesAddress) ?? []
        return (0..<GPTPartitionEntry.countPerTable).compactMap { index in
            let bytes = entries.dropFirst(index * GPTPartitionEntry.byteCount)
            guard let entry = try? GPTPartitionEntry(decoding: bytes), entry.type != .unused else {
                return nil
            }
            return .object([
                ("number", .number(UInt64(index + 1))),
                ("type", .string("\(entry.type)")),
                ("guid", .string("\(entry.guid)")),
                ("label", .string(entry.label)),
                ("first_lba", .number(entry.first.value)),
                ("sectors", .number(entry.last.value - entry.first.value + 1)),
            ])
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
