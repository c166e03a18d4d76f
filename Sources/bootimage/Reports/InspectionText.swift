import BootImageKit
import DiskImage
import ELFKit
import HostSystem

/// An inspection for people: verdict, findings, segments, sizes, boot contract.
struct InspectionText {
    private let inspection: Inspection

    init(_ inspection: Inspection) { self.inspection = inspection }

    /// Several lines; nothing that a file or a symbol is called can break one.
    var text: String {
        let parts = [[verdict] + findings, segments, sizes, configuration]
        return parts.filter { !$0.isEmpty }
            .map { $0.map(Console.oneLine).joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private var verdict: String {
        "\(inspection.file): \(inspection.isLoadable ? "loadable" : "not loadable")"
    }

    private var findings: [String] {
        inspection.findings.map {
            "  \($0.rule.severity.rawValue): \($0) [\($0.rule)]"
        }
    }

    private var segments: [String] {
        if inspection.segments.isEmpty { return [] }
        let rows = inspection.segments.map { segment in
            [
                "\(segment.index)", "\(segment.type)", Number.hex(segment.fileOffset),
                segment.addressText, Number.hex(segment.fileByteCount),
                Number.hex(segment.memoryByteCount), segment.flagText,
                Number.hex(segment.alignment),
            ]
        }
        return ["segments"]
            + TextTable.lines(
                [
                    ["", "type", "offset", "addresses", "in file", "in memory", "flags", "align"]
                ] + rows)
    }

    private var sizes: [String] {
        if inspection.segments.isEmpty { return [] }
        var rows = [("file", inspection.fileByteCount)]
        if let kernel = inspection.kernel {
            rows.append(("loaded from the file", kernel.loadedFileRange.upperBound))
            rows.append(
                ("in memory", kernel.segments.reduce(0) { $0 &+ $1.memoryByteCount }))
        }
        rows.append(("debug information", inspection.debugByteCount))
        return ["sizes"] + TextTable.lines(rows.map { [$0.0, "\($0.1) bytes"] })
    }

    private var configuration: [String] {
        let title = "boot contract (.bootloader-config)"
        if let configuration = inspection.configuration {
            return [title] + TextTable.lines(configuration.rows.map { [$0.name, $0.text] })
        }
        return inspection.isLoadable ? [title, "  none: defaults"] : []
    }
}

extension ProgramHeader {
    /// The range of addresses, the last one included; one behind 2⁶⁴ has no name.
    fileprivate var addressText: String {
        if memoryByteCount == 0 { return Number.hex(virtualAddress) }
        let (last, overflows) = virtualAddress.addingReportingOverflow(memoryByteCount - 1)
        return Number.hex(virtualAddress) + "–" + (overflows ? "…" : Number.hex(last))
    }
}
