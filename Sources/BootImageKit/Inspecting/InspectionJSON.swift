package import ELFKit
package import HostSystem

import DiskImage

/// An inspection for programs; `docs/inspect.md` describes the keys.
///
/// Addresses and offsets are strings in hexadecimal: many readers keep numbers in 53 bits.
package struct InspectionJSON {
    private let inspection: Inspection

    package init(_ inspection: Inspection) { self.inspection = inspection }

    /// One object.
    package var text: String { value.text }

    /// The same as a part of another object.
    package var value: JSONValue {
        .object([
            ("file", .string(inspection.file)),
            ("format", isELF ? .string("elf") : .null),
            ("loadable", .bool(inspection.isLoadable)),
            ("findings", .array(inspection.findings.map(Self.finding))),
            ("kernel", inspection.kernel.map(Self.kernel) ?? .null),
            ("segments", .array(inspection.segments.map(Self.segment))),
            ("sizes", sizes),
            ("boot_configuration", configuration),
        ])
    }

    /// What the loader is told: entry point, segments, and what the kernel asks for.
    var bootContract: JSONValue {
        .object([
            ("kernel", inspection.kernel.map(Self.kernel) ?? .null),
            ("segments", .array(inspection.segments.map(Self.segment))),
            ("boot_configuration", configuration),
        ])
    }

    private var isELF: Bool {
        !inspection.findings.contains { [.elfEmpty, .elfMagic].contains($0.rule) }
    }

    private static func finding(_ finding: Finding) -> JSONValue {
        .object([
            ("severity", .string(finding.rule.severity.rawValue)),
            ("code", .string(finding.rule.rawValue)),
            ("message", .string(finding.message)),
            ("place", .string(finding.details.place)),
            ("field", .string(finding.details.field)),
            ("found", finding.details.found.map { .string($0) } ?? .null),
            ("allowed", finding.details.allowed.map { .string($0) } ?? .null),
            ("remedy", .string(finding.rule.remedy)),
        ])
    }

    private static func kernel(_ kernel: KernelELF) -> JSONValue {
        .object([
            ("type", .string(kernel.kind == .executable ? "ET_EXEC" : "ET_DYN")),
            ("machine", .string(kernel.architecture.rawValue)),
            ("entry", .string(Number.hex(kernel.entry))),
        ])
    }

    private static func segment(_ segment: ProgramHeader) -> JSONValue {
        .object([
            ("index", .number(UInt64(segment.index))),
            ("type", .string("\(segment.type)")),
            ("file_offset", .string(Number.hex(segment.fileOffset))),
            ("virtual_address", .string(Number.hex(segment.virtualAddress))),
            ("file_size", .number(segment.fileByteCount)),
            ("memory_size", .number(segment.memoryByteCount)),
            ("flags", .string(segment.flagText)),
            ("alignment", .string(Number.hex(segment.alignment))),
        ])
    }

    private var sizes: JSONValue {
        let kernel = inspection.kernel
        let memory = kernel?.segments.reduce(0) { $0 &+ $1.memoryByteCount }
        return .object([
            ("file", .number(inspection.fileByteCount)),
            ("loaded", kernel.map { .number($0.loadedFileRange.upperBound) } ?? .null),
            ("memory", memory.map { .number($0) } ?? .null),
            ("debug_information", .number(inspection.debugByteCount)),
        ])
    }

    private var configuration: JSONValue {
        guard let configuration = inspection.configuration else { return .null }
        return .object(configuration.rows.map { ($0.name, $0.value) })
    }
}

extension ProgramHeader {
    /// Such as "r-x".
    package var flagText: String {
        let letters: [(UInt32, String)] = [(4, "r"), (2, "w"), (1, "x")]
        return letters.map { flags & $0.0 == 0 ? "-" : $0.1 }.joined()
    }
}
