/// Identifies a relocation in errors.
public struct RelocationID: Equatable, Sendable, CustomStringConvertible {
    /// The table that contains it.
    public let table: RelocationTable.Kind
    /// The position in the table, from 0.
    public let index: UInt64

    /// Identifies the entry of that table at that position.
    package init(_ table: RelocationTable.Kind, _ index: UInt64) {
        self.table = table
        self.index = index
    }

    /// Such as "relocation 3 of DT_RELA".
    public var description: String { "relocation \(index) of \(table.tag.elfName)" }
}

/// A broken rule on one entry of a relocation table (the psABI's "Relocation").
public enum RelocationViolation: Equatable, Sendable {
    /// The loader does not apply this type.
    case unsupportedType(RelocationID, type: UInt32, address: UInt64, Architecture)
    /// `R_X86_64_RELATIVE` or `R_AARCH64_RELATIVE` with a symbol.
    case relativeWithSymbol(RelocationID, symbol: UInt32, Architecture)
    /// The eight bytes to change are not within one segment.
    case targetNotLoaded(RelocationID, address: UInt64)
    /// The loaded bytes of the symbol table do not include this symbol.
    case symbolNotLoaded(RelocationID, symbol: UInt32)
    /// The symbol's address is known at run time only.
    case symbolType(RelocationID, UnsupportedSymbolType, name: String?)
    /// The symbol is neither defined nor weak; `nil` if its name cannot be read.
    case undefinedSymbol(RelocationID, name: String?)
    /// A packed table starts with a bitmap, which needs an address before it.
    case bitmapWithoutAddress(RelocationID, bitmap: UInt64)
}
