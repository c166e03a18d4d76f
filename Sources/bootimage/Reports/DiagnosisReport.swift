import BootImageKit
import ELFKit
import HostSystem
import SystemPackage

/// A diagnosis as text: one line per finding, then the verdict.
struct DiagnosisText {
    private let diagnosis: Diagnosis

    init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

    /// The lines, with control characters from programs' output escaped.
    var text: String {
        let rows = diagnosis.requisites.map { [$0.status.rawValue, $0.name, Self.text(of: $0)] }
        let lines = ["bootimage \(diagnosis.version)"] + TextTable.lines(rows) + [verdict]
        return lines.map(Console.oneLine).joined(separator: "\n")
    }

    private static func text(of requisite: Requisite) -> String {
        if let fault = requisite.fault {
            return "\(fault.problem): \(requisite.loss); \(fault.remedy)"
        }
        let found = [requisite.version, requisite.path?.string].compactMap(\.self)
        return found.joined(separator: ", ") + (requisite.descriptor.map { ", by \($0)" } ?? "")
    }

    private var verdict: String {
        let faulty = diagnosis.requisites.filter { $0.status == .error }
        if !faulty.isEmpty {
            return "not usable: \(faulty.map(\.name).joined(separator: ", "))"
        }
        let count = diagnosis.requisites.count { $0.status == .note }
        return switch count {
        case 0: "everything is installed"
        case 1: "usable; 1 note"
        default: "usable; \(count) notes"
        }
    }
}
