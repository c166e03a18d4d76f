/// The part of PT_DYNAMIC that a kernel without libraries has (gABI 5.2, "Dynamic Section").
///
/// Addresses are the ELF file's own.
struct DynamicSection {
    /// A table in the kernel's memory.
    struct Table {
        var address: UInt64 = 0
        var byteCount: UInt64 = 0
    }

    private(set) var relocations = Table()
    private(set) var procedureRelocations = Table()
    private(set) var packedRelocations = Table()
    private(set) var symbolTable: UInt64 = 0

    /// Reads the tags; a file without PT_DYNAMIC has no relocations.
    init(_ file: KernelFile) throws(BootError) {
        for index in 0..<file.segmentCount {
            let segment = try file.segment(index)
            guard segment.kind == Segment.dynamic else { continue }
            let entries = try file.slice(segment.offset, segment.fileSize)
            for offset in stride(from: 0, to: entries.count - 15, by: 16) {
                let tag = entries.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                if tag == 0 { break }
                try add(tag, entries.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
            }
        }
    }

    private mutating func add(_ tag: UInt64, _ value: UInt64) throws(BootError) {
        switch tag {
        case 2: procedureRelocations.byteCount = value  // DT_PLTRELSZ
        case 6: symbolTable = value  // DT_SYMTAB
        case 7: relocations.address = value  // DT_RELA
        case 8: relocations.byteCount = value  // DT_RELASZ
        case 9: try require("DT_RELAENT", value, is: RelocationRecord.byteCount)
        case 11: try require("DT_SYMENT", value, is: Symbol.byteCount)
        case 18: try require("DT_RELSZ", value, is: 0)
        case 20: try require("DT_PLTREL", value, is: 7)
        case 23: procedureRelocations.address = value  // DT_JMPREL
        case 35: packedRelocations.byteCount = value  // DT_RELRSZ
        case 36: packedRelocations.address = value  // DT_RELR
        default: return
        }
    }

    private func require(
        _ rule: StaticString, _ found: UInt64, is allowed: UInt64
    ) throws(BootError) {
        guard found == allowed else {
            throw BootError(.kernel, rule, found: found, allowed: allowed)
        }
    }
}
