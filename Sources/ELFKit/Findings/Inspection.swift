/// Everything that ELFKit can report about a kernel's file, whether or not it can be loaded.
public struct Inspection: Equatable, Sendable {
    /// The file's name as the caller passed it.
    public let file: String
    /// Size of the file in bytes.
    public let fileByteCount: UInt64
    /// Errors, then warnings, then notes, each in the order in which they were found.
    public private(set) var findings: [Finding]
    /// Every program header of the file; none if the ELF header is broken.
    public let segments: [ProgramHeader]
    /// Size of the debug sections in the file, in bytes.
    public let debugByteCount: UInt64
    /// What the kernel requests from the loader; `nil` if the section is missing or broken.
    public let configuration: KernelConfiguration?
    /// The boot protocols that the file asks for.
    public let protocols: KernelProtocols
    /// The kernel; `nil` if it cannot be loaded.
    public let kernel: KernelELF?

    /// Whether the loader can load the kernel.
    public var isLoadable: Bool { kernel != nil }

    /// Adds findings from other sources, and sorts all by severity; the order is stable.
    package mutating func add(_ more: [Finding]) {
        let all = findings + more
        findings = Finding.Severity.allCases.flatMap { severity in
            all.filter { $0.rule.severity == severity }
        }
    }
}
