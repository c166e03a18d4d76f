import BootImageKit
import HostSystem
import SystemPackage

/// A diagnosis for programs; `docs/doctor.md` describes the keys.
struct DiagnosisJSON {
    private let diagnosis: Diagnosis

    init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

    /// One object.
    var text: String {
        JSONValue.object([
            ("version", .string(diagnosis.version)),
            ("usable", .bool(diagnosis.isUsable)),
            ("findings", .array(diagnosis.requisites.map(Self.finding))),
        ]).text
    }

    private static func finding(_ requisite: Requisite) -> JSONValue {
        .object([
            ("name", .string(requisite.name)),
            ("status", .string(requisite.status.rawValue)),
            ("required", .bool(requisite.isRequired)),
            ("version", .text(requisite.version)),
            ("path", .text(requisite.path?.string)),
            ("descriptor", .text(requisite.descriptor?.string)),
            ("problem", .text(requisite.fault?.problem)),
            ("loss", .text(requisite.fault.map { _ in requisite.loss })),
            ("remedy", .text(requisite.fault?.remedy)),
        ])
    }
}

extension JSONValue {
    fileprivate static func text(_ text: String?) -> JSONValue { text.map(Self.string) ?? .null }
}
