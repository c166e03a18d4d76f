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

    /// The addresses that four levels of page tables can map, for pages of 4 KiB.
    var addressHalves: AddressHalves {
        switch self {
        // Intel SDM volume 1, 3.3.7.1: bit 47 is repeated above it.
        case .x86_64:
            AddressHalves(lowerEnd: 0x0000_8000_0000_0000, upperStart: 0xffff_8000_0000_0000)
        // Arm ARM D8.1.9: TTBR0_EL1 and TTBR1_EL1 with T0SZ and T1SZ 16.
        case .aarch64:
            AddressHalves(lowerEnd: 0x0001_0000_0000_0000, upperStart: 0xffff_0000_0000_0000)
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

/// The two halves of the address space that page tables can map.
struct AddressHalves: Equatable, Sendable {
    /// Where the lower half ends.
    let lowerEnd: UInt64
    /// Where the upper half begins, which reaches up to 2⁶⁴.
    let upperStart: UInt64

    /// Such as "below 0x800000000000 or from 0xffff800000000000 on".
    var text: String { "below \(hex(lowerEnd)) or from \(hex(upperStart)) on" }

    /// Whether one half holds the whole range, which is not empty.
    func holds(_ range: Range<UInt64>) -> Bool {
        range.upperBound <= lowerEnd || range.lowerBound >= upperStart
    }
}
