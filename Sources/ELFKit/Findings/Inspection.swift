/// All that can be said about a kernel's file, loadable or not.
public struct Inspection: Equatable, Sendable {
    /// The file's name as the caller gave it.
    public let file: String
    /// Size of the file.
    public let fileByteCount: UInt64
    /// The errors, then the warnings, then the notes, each in the order in which they were found.
    public private(set) var findings: [Finding]
    /// Every program header of the file; none if the ELF header is broken.
    public let segments: [ProgramHeaderEntry]
    /// Size of the sections for debuggers in the file, in bytes.
    public let debugByteCount: UInt64
    /// What the kernel asks of the loader; `nil` if it has no such section, or a broken one.
    public let configuration: KernelConfiguration?
    /// What the loader needs to know; `nil` if the kernel cannot be loaded.
    public let kernel: KernelELF?

    /// The verdict.
    public var isLoadable: Bool { kernel != nil }

    /// Adds what was found by other means.
    public mutating func add(_ more: [Finding]) {
        findings = Self.sorted(findings + more)
    }

    /// Those of one severity behind those of a heavier one, otherwise in their order.
    private static func sorted(_ findings: [Finding]) -> [Finding] {
        Finding.Severity.allCases.flatMap { severity in
            findings.filter { $0.rule.severity == severity }
        }
    }
}

extension Inspection {
    init(_ reading: KernelReading, of file: String) {
        self.file = file
        fileByteCount = reading.file.byteCount
        segments = reading.segmentMap
        debugByteCount = reading.debugByteCount
        configuration = reading.configuration
        kernel = reading.kernel
        findings = Self.sorted(reading.findings)
    }
}

extension KernelReading {
    fileprivate var findings: [Finding] {
        let omitted = ELFRule.allCases.compactMap { rule in
            problems.omittedCounts[rule].map { Finding(omitted: $0, by: rule) }
        }
        let warnings = kernel?.warnings.map { Finding($0) } ?? []
        let debug = debugByteCount > 0 ? [Finding(debugByteCount: debugByteCount)] : []
        return problems.problems.map { Finding($0) } + omitted + warnings + debug
    }
}

extension Finding {
    fileprivate init(omitted count: Int, by rule: ELFRule) {
        self.init(
            rule, "\(count) more of this kind", Details(place: "file", field: rule.field))
    }

    fileprivate init(debugByteCount: UInt64) {
        self.init(
            .debugInformation,
            "has \(debugByteCount) bytes of debug information",
            Details(
                place: "sections", field: ".debug_*", found: "\(debugByteCount) bytes",
                allowed: "0 bytes"))
    }
}
