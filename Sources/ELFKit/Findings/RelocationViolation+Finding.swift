extension RelocationViolation {
    var rule: ELFRule {
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

    var finding: Finding {
        switch self {
        case .unsupportedType(let id, let type, let address, let architecture):
            Finding(
                rule, at: "\(id)", architecture.relocationNumbers.name(of: type),
                architecture.relocationNumbers.applied,
                "\(architecture.relocationNumbers.name(of: type)) at address \(hex(address)) is "
                    + "not supported")
        case .relativeWithSymbol(let id, let symbol, let architecture):
            Finding(
                rule, at: "\(id)", "symbol \(symbol)", "symbol 0",
                "\(architecture.relocationNumbers.prefix)RELATIVE has symbol \(symbol), "
                    + "must have symbol 0")
        case .targetNotLoaded(let id, let address):
            Finding(
                rule, at: "\(id)", hex(address), "8 bytes in a PT_LOAD",
                "the 8 bytes at address \(hex(address)) are not within one segment")
        case .symbolNotLoaded(let id, let symbol):
            Finding(
                rule, at: "\(id)", "symbol \(symbol)", "a symbol in a PT_LOAD's file bytes",
                "symbol \(symbol) is outside the loaded part of the symbol table")
        case .symbolType(let id, let type, let name):
            Finding(
                rule, at: "\(id)", "type \(type.rawValue)",
                "neither 6 (STT_TLS) nor 10 (STT_GNU_IFUNC)",
                "\(Self.symbol(name)) is \(type.name), which is not supported")
        case .undefinedSymbol(let id, let name):
            Finding(
                rule, at: "\(id)", name ?? "a symbol without a name",
                "a symbol that is defined or weak", "\(Self.symbol(name)) is undefined")
        case .bitmapWithoutAddress(let id, let bitmap):
            Finding(
                rule, at: "\(id)", hex(bitmap), "an even number",
                "the bitmap \(hex(bitmap)) has no address before it")
        }
    }

    private static func symbol(_ name: String?) -> String {
        name.map { "symbol \($0)" } ?? "a symbol without a name"
    }
}

extension UnsupportedSymbolType {
    fileprivate var name: String {
        switch self {
        case .threadLocal: "thread-local (STT_TLS)"
        case .indirectFunction: "an ifunc (STT_GNU_IFUNC)"
        }
    }
}
