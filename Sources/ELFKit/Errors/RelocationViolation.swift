/// A broken rule of one entry of the relocation table (psABI x86-64, "Relocation").
public enum RelocationViolation: Equatable, Sendable {
    /// The loader does not apply this type.
    case unsupportedType(index: UInt64, type: UInt32, address: UInt64)
    /// `R_X86_64_RELATIVE` with a symbol.
    case symbol(index: UInt64, symbol: UInt32)
    /// The eight bytes to be changed lie in no segment.
    case targetNotLoaded(index: UInt64, address: UInt64)
}

extension RelocationViolation {
    /// The rule's stable name.
    public var rule: String {
        switch self {
        case .unsupportedType: "relocation-type"
        case .symbol: "relocation-symbol"
        case .targetNotLoaded: "relocation-target"
        }
    }
}

extension RelocationViolation: CustomStringConvertible {
    /// The violation in words.
    public var description: String {
        switch self {
        case .unsupportedType(let index, let type, let address):
            "relocation \(index) at address \(hex(address)) is \(RelocationType.name(of: type)); "
                + "only R_X86_64_RELATIVE is applied: link with -static, and without undefined "
                + "symbols"
        case .symbol(let index, let symbol):
            "relocation \(index) is R_X86_64_RELATIVE with symbol \(symbol); only 0 is allowed"
        case .targetNotLoaded(let index, let address):
            "relocation \(index): the 8 bytes at address \(hex(address)) lie in no segment"
        }
    }
}
