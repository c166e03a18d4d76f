import HostSystem
import SystemPackage

/// The JSON of `bootimage doctor`; `docs/doctor.md` describes the keys.
extension Diagnosis: Encodable {
    func encode(to encoder: any Encoder) throws {
        try encoder.encode([
            "version": version, "usable": isUsable, "findings": requisites.map(\.report),
        ])
    }
}

extension Requisite {
    fileprivate var report: JSONObject {
        [
            "name": name, "status": status.rawValue, "required": isRequired, "version": version,
            "path": path?.string, "descriptor": descriptor?.string, "problem": fault?.problem,
            "loss": fault.map { _ in loss }, "remedy": fault?.remedy,
        ]
    }
}
