import BootImageKit
import DiskImage
import ELFKit
import HostSystem
import SystemPackage

/// A verification for programs; `docs/verify.md` describes the keys.
///
/// Offsets are strings in hexadecimal: many readers keep numbers in 53 bits.
struct VerificationJSON {
    private let report: ImageReport

    init(_ report: ImageReport) { self.report = report }

    /// One object.
    var text: String {
        let verification = report.verification
        return JSONValue.object([
            ("file", .string(report.image.string)),
            ("size", .number(report.byteCount)),
            ("format", verification.kind.map { .string($0) } ?? .null),
            ("sound", .bool(verification.isSound)),
            ("findings", .array(verification.findings.map(Self.finding))),
            ("contents", .array(verification.parts.map(Self.part))),
        ]).text
    }

    private static func finding(_ finding: ImageFinding) -> JSONValue {
        .object([
            ("severity", .string(finding.rule.severity.rawValue)),
            ("code", .string(finding.rule.rawValue)),
            ("message", .string("\(finding)")),
            ("place", .string(finding.place)),
            ("offset", .string(Number.hex(finding.offset))),
            ("field", .string(finding.rule.field)),
            ("found", .string(finding.found)),
            ("allowed", .string(finding.allowed)),
            ("remedy", .string(finding.rule.remedy)),
        ])
    }

    private static func part(_ part: Verification.Part) -> JSONValue {
        .object([
            ("name", .string(part.name)), ("offset", .string(Number.hex(part.offset))),
            ("size", .number(part.byteCount)),
        ])
    }
}
