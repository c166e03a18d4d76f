/// A kernel's processor architecture, and what the ELF format defines for each.
public enum Architecture: String, CaseIterable, Sendable {
    /// `EM_X86_64`.
    case x86_64
    /// `EM_AARCH64`, little-endian.
    case aarch64

    /// The architecture of that `e_machine`; `nil` if the loader does not support it.
    ///
    /// A 32-bit kernel for i386 boots on x86-64.
    init?(machine: UInt16, _ wordSize: WordSize = .bits64) {
        let found: Self? =
            switch wordSize {
            case .bits32: machine == Self.machineOfI386 ? .x86_64 : nil
            case .bits64: Self.allCases.first { $0.machine == machine }
            }
        guard let found else { return nil }
        self = found
    }

    /// `EM_386`.
    private static let machineOfI386: UInt16 = 3

    /// The architecture in the ELF header that these bytes start with; `nil` if they are no ELF
    /// header or the loader does not support it.
    package init?(ofFileStartingWith start: [UInt8]) {
        guard start.count >= 20, start.starts(with: FileHeader.magic) else { return nil }
        self.init(machine: start.span.bytes.littleEndian(at: 18))
    }

    /// The name in prose.
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

    /// The numbers of the relocation types, including those that the loader does not apply.
    var relocationNumbers: RelocationNumbers {
        switch self {
        case .x86_64: .x86_64
        case .aarch64: .aarch64
        }
    }
}
