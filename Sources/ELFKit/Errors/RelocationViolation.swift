/// Which relocation is meant.
public struct RelocationID: Equatable, Sendable, CustomStringConvertible {
    /// The table that holds it.
    public let table: RelocationTable.Kind
    /// The position in the table, from 0.
    public let index: UInt64

    /// Names the entry of that table at that position.
    public init(_ table: RelocationTable.Kind, _ index: UInt64) {
        self.table = table
        self.index = index
    }

    /// The entry behind this one.
    var next: RelocationID { RelocationID(table, index + 1) }

    /// Such as "relocation 3 of DT_RELA".
    public var description: String { "relocation \(index) of \(table.tag.elfName)" }
}

/// A broken rule of one entry of a relocation table (the psABI's "Relocation").
public enum RelocationViolation: Equatable, Sendable {
    /// The loader does not apply this type.
    case unsupportedType(RelocationID, type: UInt32, address: UInt64, Architecture)
    /// `R_X86_64_RELATIVE` or `R_AARCH64_RELATIVE` with a symbol.
    case relativeWithSymbol(RelocationID, symbol: UInt32, Architecture)
    /// The eight bytes to be changed lie in no segment.
    case targetNotLoaded(RelocationID, address: UInt64)
    /// The symbol table does not reach up to this symbol within the bytes that are loaded.
    case symbolNotLoaded(RelocationID, symbol: UInt32)
    /// Only code that the loader does not run can tell the symbol's address.
    case symbolType(RelocationID, UnsupportedSymbolType, name: String?)
    /// Nothing defines the symbol, which is not weak; `nil` if its name cannot be read.
    case undefinedSymbol(RelocationID, name: String?)
    /// A packed table begins with a bitmap, and no address says of what.
    case bitmapWithoutAddress(RelocationID, bitmap: UInt64)
}

/// Types of symbols that relocations cannot use (gABI, "Symbol Table"; `STT_GNU_IFUNC` of GNU).
public enum UnsupportedSymbolType: UInt8, Sendable {
    /// `STT_TLS`: has an address of its own in each thread.
    case threadLocal = 6
    /// `STT_GNU_IFUNC`: the address of code that chooses one.
    case indirectFunction = 10

    fileprivate var complaint: String {
        switch self {
        case .threadLocal: "is thread-local (STT_TLS)"
        case .indirectFunction: "is an ifunc (STT_GNU_IFUNC)"
        }
    }
}

extension RelocationViolation {
    /// The rule that is broken.
    public var rule: ELFRule {
        switch self {
        case .unsupportedType: .relocationType
        case .relativeWithSymbol: .relocationSymbol
        case .targetNotLoaded: .relocationTarget
        case .symbolNotLoaded: .relocationSymbolNotLoaded
        case .symbolType: .relocationSymbolType
        case .undefinedSymbol: .relocationSymbolUndefined
        case .bitmapWithoutAddress: .relocationBitmap
        }
    }
}

extension RelocationViolation: CustomStringConvertible {
    /// The violation in words.
    public var description: String {
        switch self {
        case .unsupportedType(let id, let type, let address, let architecture):
            "\(id) at address \(hex(address)) is "
                + "\(architecture.relocationNumbers.name(of: type)), which "
                + "the loader does not apply"
        case .relativeWithSymbol(let id, let symbol, let architecture):
            "\(id) is \(architecture.relocationNumbers.prefix)RELATIVE with symbol \(symbol); "
                + "only 0 is allowed"
        case .targetNotLoaded(let id, let address):
            "\(id): the 8 bytes at address \(hex(address)) lie in no segment"
        case .symbolNotLoaded(let id, let symbol):
            "\(id) needs symbol number \(symbol), which is outside of the bytes that are loaded"
        case .symbolType(let id, let type, let name):
            "\(id) needs \(Self.symbol(name)), which \(type.complaint)"
        case .undefinedSymbol(let id, let name):
            "\(id) needs \(Self.symbol(name)), which nothing defines"
        case .bitmapWithoutAddress(let id, let bitmap):
            "\(id) is the bitmap \(hex(bitmap)); the first one must be an address"
        }
    }

    private static func symbol(_ name: String?) -> String {
        name.map { "symbol \($0)" } ?? "a symbol without a name"
    }
}
