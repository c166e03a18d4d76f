/// A processor that a kernel is for, and what of the ELF format differs by it.
public enum Architecture: String, CaseIterable, Sendable {
    /// `EM_X86_64`.
    case x86_64
    /// `EM_AARCH64`, little-endian.
    case aarch64

    /// The architecture of that `e_machine`; `nil` if there is no loader for it.
    init?(machine: UInt16) {
        guard let found = Self.allCases.first(where: { $0.machine == machine }) else { return nil }
        self = found
    }

    /// The architecture that a file's first bytes tell; `nil` if they are no ELF header's, or there
    /// is no loader for it.
    public init?(ofFileStartingWith start: [UInt8]) {
        guard start.count >= 20, start.starts(with: FileMagic.elf) else { return nil }
        self.init(machine: start.span.bytes.littleEndian(at: 18))
    }

    /// What people call it.
    public var name: String {
        switch self {
        case .x86_64: "x86-64"
        case .aarch64: "AArch64"
        }
    }

    /// `e_machine`.
    var machine: UInt16 {
        switch self {
        case .x86_64: 62
        case .aarch64: 183
        }
    }

    /// The relocation types, also those that are not applied.
    var relocationNumbers: RelocationNumbers {
        switch self {
        case .x86_64: .x86_64
        case .aarch64: .aarch64
        }
    }
}
