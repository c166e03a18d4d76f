/// The part of PT_DYNAMIC that a static kernel has (gABI 5.2, "Dynamic Section").
struct DynamicSection {
    /// Where the DT_RELA table is, by the ELF file's own addresses, and how many records it has.
    private(set) var relocations: (address: UInt64, count: UInt64)?

    private enum Tag {
        static let null: UInt64 = 0
        static let rela: UInt64 = 7
        static let relaByteCount: UInt64 = 8
        static let relaRecordByteCount: UInt64 = 9
    }

    /// Reads the tags; a file without PT_DYNAMIC has no relocations.
    init(_ file: KernelFile) throws(BootError) {
        var address: UInt64 = 0
        var byteCount: UInt64 = 0
        for index in 0..<file.segmentCount {
            let segment = try file.segment(index)
            guard segment.kind == Segment.dynamic else { continue }
            let entries = try file.slice(segment.offset, segment.fileSize)
            var cursor = 0
            while cursor + 16 <= entries.count {
                let tag = entries.loadUnaligned(fromByteOffset: cursor, as: UInt64.self)
                let value = entries.loadUnaligned(fromByteOffset: cursor + 8, as: UInt64.self)
                cursor += 16
                switch tag {
                case Tag.null: cursor = entries.count
                case Tag.rela: address = value
                case Tag.relaByteCount: byteCount = value
                case Tag.relaRecordByteCount where value != RelocationRecord.byteCount:
                    throw BootError(
                        "kernel", "relocation record size", found: value,
                        allowed: RelocationRecord.byteCount)
                default: continue
                }
            }
        }
        if byteCount > 0 { relocations = (address, byteCount / RelocationRecord.byteCount) }
    }
}

/// One Elf64_Rela, read from the kernel's memory.
struct RelocationRecord {
    static let byteCount: UInt64 = 24
    static let none: UInt32 = 0
    static let relative: UInt32 = 8

    let target: UInt64
    let type: UInt32
    let symbol: UInt32
    let addend: UInt64

    /// Reads the record at an address as the ELF file counts.
    init(at address: UInt64, of image: KernelImage) throws(BootError) {
        target = try image.load(at: address)
        let info = try image.load(at: address &+ 8)
        type = UInt32(truncatingIfNeeded: info)
        symbol = UInt32(truncatingIfNeeded: info >> 32)
        addend = try image.load(at: address &+ 16)
    }
}
