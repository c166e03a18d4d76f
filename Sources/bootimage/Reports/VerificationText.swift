import BootImageKit
import DiskImage
import HostSystem

extension ImageReport {
    /// The verification for people: verdict, findings, contents.
    var text: String {
        let verdict = "\(image): \(verification.isSound ? "sound" : "not sound")"
        let findings = verification.findings.map {
            "  \($0.rule.severity.rawValue): \($0) [\($0.rule)]"
        }
        return TextTable.sections([[verdict] + findings, contents])
    }

    private var contents: [String] {
        guard let kind = verification.kind else { return [] }
        let rows = verification.parts.map { part in
            [Number.hex(part.offset), "\(part.byteCount)", part.name]
        }
        return [kind] + TextTable.lines([["offset", "bytes", "content"]] + rows)
    }
}
