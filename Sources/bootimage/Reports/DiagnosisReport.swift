import SystemPackage
import HostSystem

/// The JSON of `bootimage doctor`; `docs/doctor.md` describes the keys.
extension Diagnosis: Encodable {
    func encode(to encoder: any Encoder) throws {
        try encoder.encode([
            "version": version, "usable": isUsable, "findings": requisites.map(\.report),
        ])
    }
}

extension Diagnosis {
    /// One line per finding, then the verdict, with control characters from programs' output
    /// escaped.
    var text: String {
        let rows = requisites.map { [$0.status.rawValue, $0.name, $0.text] }
        let lines = ["bootimage \(version)"] + TextTable.lines(rows) + [verdict]
        return lines.map(Console.oneLine).joined(separator: "\n")
    }

    private var verdict: String {
        let faulty = requisites.filter { $0.status == .error }
        if !faulty.isEmpty {
            return "not usable: \(faulty.map(\.name).joined(separator: ", "))"
        }
        let count = requisites.count { $0.status == .note }
        return switch count {
        case 0: "everything is installed"
        case 1: "usable; 1 note"
        default: "usable; \(count) notes"
        }
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
