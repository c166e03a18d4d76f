import BootImageKit
import HostSystem
import SystemPackage

extension Diagnosis: Encodable {
    /// The JSON of `bootimage doctor`; `docs/doctor.md` describes the keys.
    func encode(to encoder: any Encoder) throws {
        try encoder.encode([
            "version": Version.current, "usable": isUsable, "findings": requisites.map(\.report),
        ])
    }

    /// One line per finding, then the verdict, with control characters from programs' output
    /// escaped.
    var text: String {
        let rows = requisites.map { [$0.status.rawValue, $0.name, $0.text] }
        let lines = ["bootimage \(Version.current)"] + TextTable.lines(rows) + [verdict]
        return lines.map(Console.oneLine).joined(separator: "\n")
    }

    private var verdict: String {
        let faulty = requisites.filter { $0.status == .error }
        if !faulty.isEmpty {
            return "not usable: \(faulty.map(\.name).joined(separator: ", "))"
        }
        let count = requisites.count { $0.status == .note }
        if count == 0 { return "everything is installed" }
        return "usable; \(count) note\(count == 1 ? "" : "s")"
    }
}

extension Requisite {
    fileprivate var text: String {
        if let fault { return "\(fault.problem): \(loss); \(fault.remedy)" }
        let found = [version, path?.string].compactMap(\.self).joined(separator: ", ")
        return found + (descriptor.map { ", by \($0)" } ?? "")
    }

    fileprivate var report: JSONObject {
        [
            "name": name, "status": status.rawValue, "required": isRequired, "version": version,
            "path": path?.string, "descriptor": descriptor?.string, "problem": fault?.problem,
            "loss": fault.map { _ in loss }, "remedy": fault?.remedy,
        ]
    }
}
