/// Applies a kernel's relocations once its segments are mapped (gABI 4.1, "Relocation", and 5.2,
/// "Relative Relocation Table").
struct Relocator {
    private let memory: ImageMemory
    private let dynamic: DynamicSection

    init(file: KernelFile, memory: ImageMemory) throws(BootError) {
        self.memory = memory
        dynamic = try DynamicSection(file)
    }

    func relocate() throws(BootError) {
        try apply(dynamic.relocations)
        try apply(dynamic.procedureRelocations)
        try applyPacked()
    }

    private func apply(_ table: DynamicSection.Table) throws(BootError) {
        var address = table.address
        for _ in 0..<table.byteCount / RelocationRecord.byteCount {
            try apply(RelocationRecord(at: address, in: memory))
            address = address &+ RelocationRecord.byteCount
        }
    }

    private func apply(_ record: RelocationRecord) throws(BootError) {
        switch record.type {
        case .none:
            return
        case .relative:
            try memory.store(record.addend &+ memory.slide, at: record.target)
        case .symbol:
            try memory.store(value(of: record.symbol) &+ record.addend, at: record.target)
        case .globalData, .jumpSlot:
            try memory.store(value(of: record.symbol), at: record.target)
        }
    }

    /// A symbol's address at run time; zero for an undefined weak symbol.
    private func value(of index: UInt64) throws(BootError) -> UInt64 {
        let symbol = try Symbol(at: dynamic.symbolTable &+ index &* Symbol.byteCount, in: memory)
        if symbol.isUndefined {
            guard symbol.isWeak else {
                throw BootError(.kernel, "relocation against undefined symbol", count: index)
            }
            return 0
        }
        return symbol.isAbsolute ? symbol.value : symbol.value &+ memory.slide
    }

    /// Adds the slide to each word that the packed table lists: an even entry is the address of a
    /// word, an odd one a bitmap of the 63 words that follow.
    private func applyPacked() throws(BootError) {
        let table = dynamic.packedRelocations
        var next = LinkAddress(0)
        for index in 0..<table.byteCount / 8 {
            let entry = try memory.load(at: table.address &+ index &* 8)
            if entry & 1 == 0 {
                try slide(LinkAddress(entry))
                next = LinkAddress(entry) &+ 8
                continue
            }
            var bits = entry >> 1
            while bits != 0 {
                try slide(next &+ UInt64(bits.trailingZeroBitCount) &* 8)
                bits &= bits - 1
            }
            next = next &+ 63 * 8
        }
    }

    private func slide(_ address: LinkAddress) throws(BootError) {
        try memory.store(try memory.load(at: address) &+ memory.slide, at: address)
    }
}

/// One Elf64_Rela.
struct RelocationRecord {
    static let byteCount: UInt64 = 24

    let target: LinkAddress
    let type: Architecture.RelocationType
    let symbol: UInt64
    let addend: UInt64

    init(at address: LinkAddress, in memory: ImageMemory) throws(BootError) {
        target = LinkAddress(try memory.load(at: address))
        let info = try memory.load(at: address &+ 8)
        let number = UInt32(truncatingIfNeeded: info)
        guard let kind = Architecture.RelocationType(rawValue: number) else {
            throw BootError(.kernel, "unsupported relocation type", count: info & 0xFFFF_FFFF)
        }
        type = kind
        symbol = info >> 32
        addend = try memory.load(at: address &+ 16)
    }
}

/// One Elf64_Sym.
struct Symbol {
    static let byteCount: UInt64 = 24

    let value: UInt64
    private let section: UInt64
    private let binding: UInt64

    init(at address: LinkAddress, in memory: ImageMemory) throws(BootError) {
        let start = try memory.load(at: address)
        binding = start >> 36 & 0xF
        section = start >> 48
        value = try memory.load(at: address &+ 8)
    }

    var isUndefined: Bool { section == 0 }
    var isAbsolute: Bool { section == 0xFFF1 }
    var isWeak: Bool { binding == 2 }
}
