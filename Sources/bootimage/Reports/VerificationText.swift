import BootImageKit
import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// A verification for people: verdict, findings, contents.
struct VerificationText {
    private let report: ImageReport

    init(_ report: ImageReport) { self.report = report }

    /// Several lines; a file's name cannot break one.
    var text: String {
        let parts = [[verdict] + findings, contents]
        return parts.filter { !$0.isEmpty }
            .map { $0.map(Console.oneLine).joined(separator: "\n") }.joined(separator: "\n\n")
    }

    private var verdict: String {
        "\(report.image): \(report.verification.isSound ? "sound" : "not sound")"
    }

    private var findings: [String] {
        report.verification.findings.map {
            "  \($0.rule.severity.rawValue): \($0) [\($0.rule)]"
        }
    }

    private var contents: [String] {
        guard let kind = report.verification.kind else { return [] }
        let rows = report.verification.parts.map { part in
            [Number.hex(part.offset), "\(part.byteCount)", part.name]
        }
        return [kind] + TextTable.lines([["offset", "bytes", "content"]] + rows)
    }
}
