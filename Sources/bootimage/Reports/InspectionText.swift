import BootImageKit
import DiskImage
import ELFKit
import HostSystem

/// A kernel's inspection for people: verdict, findings, segments, sizes, kernel configuration.
struct InspectionText {
    private let inspection: Inspection

    init(_ inspection: Inspection) { self.inspection = inspection }

    /// Several lines; names of files and symbols cannot break one.
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
        let title = "kernel configuration (.bootloader-config)"
        if let configuration = inspection.configuration {
            return [title] + TextTable.lines(configuration.properties.map { [$0.name, $0.text] })
        }
        return inspection.isLoadable ? [title, "  none; the defaults apply"] : []
    }
}

extension ProgramHeader {
    /// The first and the last address; “…” for one beyond 2⁶⁴.
    fileprivate var addressText: String {
        if memoryByteCount == 0 { return Number.hex(virtualAddress) }
        let (last, overflows) = virtualAddress.addingReportingOverflow(memoryByteCount - 1)
        return Number.hex(virtualAddress) + "–" + (overflows ? "…" : Number.hex(last))
    }
}
