/// The entries of PT_DYNAMIC that matter for a kernel without libraries (gABI 5.2, "Dynamic
/// Section").
struct DynamicSection {
    struct Table {
        var address = LinkAddress(0)
        var byteCount: UInt64 = 0
    }

    private(set) var relocations = Table()
    private(set) var procedureRelocations = Table()
    private(set) var packedRelocations = Table()
    private(set) var symbolTable = LinkAddress(0)

    /// Reads the tags; a file without PT_DYNAMIC has no relocations.
    init(_ file: KernelFile) throws(BootError) {
        try file.forEachSegment(.dynamic) { segment throws(BootError) in
            let entries = try file.slice(segment.offset, segment.fileByteCount)
            var offset: UInt64 = 0
            while offset + 16 <= entries.byteCount {
                let tag = entries.load(UInt64.self, at: offset)
                if tag == 0 { break }
                try add(tag, entries.load(UInt64.self, at: offset + 8))
                offset += 16
            }
        }
    }

    @inline(never)
    private mutating func add(_ tag: UInt64, _ value: UInt64) throws(BootError) {
        switch tag {
        case 2: procedureRelocations.byteCount = value  // DT_PLTRELSZ
        case 6: symbolTable = LinkAddress(value)  // DT_SYMTAB
        case 7: relocations.address = LinkAddress(value)  // DT_RELA
        case 8: relocations.byteCount = value  // DT_RELASZ
        case 9: try BootError.require(.kernel, "DT_RELAENT", value, is: RelocationRecord.byteCount)
        case 11: try BootError.require(.kernel, "DT_SYMENT", value, is: Symbol.byteCount)
        case 18: try BootError.require(.kernel, "DT_RELSZ", value, is: 0)
        case 20: try BootError.require(.kernel, "DT_PLTREL", value, is: 7)
        case 23: procedureRelocations.address = LinkAddress(value)  // DT_JMPREL
        case 35: packedRelocations.byteCount = value  // DT_RELRSZ
        case 36: packedRelocations.address = LinkAddress(value)  // DT_RELR
        default: return
        }
    }
}
