import BootImageKit
import DiskImage
import FlashKit
import HostSystem
import SystemPackage

/// The devices, and which of them an image can be written to.
struct FlashCandidates {
    private let rows: [(device: BlockDevice, refusal: FlashRefusal?)]

    init(_ devices: [BlockDevice], _ demands: FlashRefusal.Demands) {
        rows = devices.map { ($0, FlashRefusal.first(of: $0, demands)) }
    }

    /// A table; devices that can be written come first.
    var text: String {
        if rows.isEmpty { return "no disks" }
        let title = ["device", "size", "model", "serial", ""]
        let cells = (rows.filter { $0.refusal == nil } + rows.filter { $0.refusal != nil }).map {
            [
                "\($0.device.path)", Size.decimal($0.device.byteCount), $0.device.model ?? "–",
                $0.device.identity ?? "–",
                $0.refusal.map { "not: \($0.reason)" } ?? "can be written",
            ]
        }
        return TextTable.lines([title] + cells.map { $0.map(Console.oneLine) })
            .joined(separator: "\n")
    }

    /// One object; `docs/flash.md` describes the keys.
    var json: String {
        let devices: [JSONObject] = rows.map { row in
            row.device.members + ["refusal": row.refusal?.reason]
        }
        return JSON.text(["devices": devices] as JSONObject)
    }
}

extension BlockDevice {
    fileprivate var members: JSONObject {
        [
            "path": path.text, "model": model, "serial": identity, "size": byteCount,
            "sector_size": sectorByteCount, "removable": isRemovable,
        ]
    }
}

/// The result of flashing, or of a dry run.
struct FlashReport {
    let flasher: Flasher
    /// How long it took; nil for a dry run.
    var time: Duration?

    private var plan: FlashPlan { flasher.plan }
    private var device: BlockDevice { flasher.device }

    /// The result or the plan, as text.
    var text: String {
        guard let time else {
            var rows = [
                ["first", "last", "content"],
                row(0..<flasher.image.facts.byteCount, "\(flasher.image.path)"),
            ]
            if !plan.tail.isEmpty { rows.append(row(plan.tail, "zeros")) }
            rows += plan.changes.map { change in
                row(change.offset..<change.offset + UInt64(change.bytes.count), change.name)
            }
            return (["\(device.path) would hold, by bytes:"] + TextTable.lines(rows))
                .map(Console.oneLine).joined(separator: "\n")
        }
        return Console.oneLine(
            "\(device.path): \(flasher.image.path) written and read back, \(plan.byteCount) bytes "
                + "in \(TestText.seconds(time))")
    }

    private func row(_ range: Range<UInt64>, _ name: String) -> [String] {
        [Number.hex(range.lowerBound), Number.hex(range.upperBound - 1), name]
    }

    /// One object; `docs/flash.md` describes the keys.
    var json: String {
        JSON.text(
            [
                "image": flasher.image.path.text, "written": time != nil,
                "device": device.members, "bytes": plan.byteCount,
                "moved_backup": !plan.changes.isEmpty,
                "milliseconds": time.map { max($0.wholeMilliseconds, 0) },
            ] as JSONObject)
    }
}
