extension DynamicViolation {
    /// Where, what was found and what is allowed.
    var details: Finding.Details {
        switch self {
        case .needsLibrary(let name):
            details("DT_NEEDED", found: name ?? "a name that cannot be read", allowed: "none")
        case .unterminated(let count):
            details("DT_NULL", found: "none in \(count) bytes", allowed: "1")
        case .duplicate(let tag): details(tag.elfName, found: "2", allowed: "1")
        case .missing(let tag, let user):
            details(tag.elfName, found: "none", allowed: "1 beside \(user.elfName)")
        case .unsupportedTable(let tag): details(tag.elfName, found: "entries", allowed: "none")
        case .encoding(let tag, let found, let allowed):
            details(tag.elfName, found: "\(found)", allowed: "\(allowed)")
        case .tableSize(let kind, let found):
            details(
                kind.sizeTag.elfName, found: "\(found)",
                allowed: "a multiple of \(kind.entryByteCount)")
        case .tableNotLoaded(let kind, let address, let count):
            details(
                kind.tag.elfName, found: "\(count) bytes at \(hex(address))",
                allowed: "within a PT_LOAD's file bytes")
        }
    }

    private func details(_ field: String, found: String, allowed: String) -> Finding.Details {
        Finding.Details(place: "dynamic section", field: field, found: found, allowed: allowed)
    }
}

extension RelocationViolation {
    /// Where, what was found and what is allowed.
    var details: Finding.Details {
        let (id, found, allowed) = parts
        return Finding.Details(place: "\(id)", field: rule.field, found: found, allowed: allowed)
    }

    private var parts: (id: RelocationID, found: String, allowed: String) {
        switch self {
        case .unsupportedType(let id, let type, _, let architecture):
            (
                id, architecture.relocationNumbers.name(of: type),
                architecture.relocationNumbers.applied
            )
        case .relativeWithSymbol(let id, let symbol, _): (id, "symbol \(symbol)", "symbol 0")
        case .targetNotLoaded(let id, let address): (id, hex(address), "8 bytes in a PT_LOAD")
        case .symbolNotLoaded(let id, let symbol):
            (id, "symbol \(symbol)", "a symbol in a PT_LOAD's file bytes")
        case .symbolType(let id, let type, _):
            (id, "type \(type.rawValue)", "neither 6 (STT_TLS) nor 10 (STT_GNU_IFUNC)")
        case .undefinedSymbol(let id, let name):
            (id, name ?? "a symbol without a name", "a symbol that is defined or weak")
        case .bitmapWithoutAddress(let id, let bitmap): (id, hex(bitmap), "an even number")
        }
    }
}

extension ConfigurationViolation {
    /// Where, what was found and what is allowed.
    var details: Finding.Details {
        let (field, found, allowed) = parts
        return Finding.Details(
            place: ".bootloader-config", field: field, found: found, allowed: allowed)
    }

    private var parts: (field: String, found: String, allowed: String) {
        switch self {
        case .duplicate(let index): (rule.field, "section \(index) as well", "one section")
        case .outsideFile(let offset, let count, let fileCount):
            (rule.field, "\(count) bytes at \(hex(offset))", "within \(fileCount) bytes")
        case .byteCount(let found):
            (rule.field, "\(found) bytes", "\(KernelConfiguration.byteCount) bytes")
        case .identifier(let found):
            (
                rule.field, FileMagic.byteList(found),
                FileMagic.byteList(KernelConfiguration.identifier)
            )
        case .version(let found): (rule.field, "\(found)", "0.11")
        case .beforeKernelBase(let found):
            (rule.field, "\(found)", "\(KernelConfiguration.Version.kernelBase) or later")
        case .tag(let field, let offset, let found):
            ("\(field.rawValue), byte \(offset)", "\(found)", "0 or 1")
        case .valueWithoutTag(let field, let offset):
            ("\(field.rawValue), from byte \(offset) on", "a value", "zeroes")
        }
    }
}
