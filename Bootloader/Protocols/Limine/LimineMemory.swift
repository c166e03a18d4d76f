/// The memory map of a Limine kernel, and its direct map of physical memory.
struct LimineMemory {
    /// The types of the protocol's memory map.
    enum Kind: UInt64 {
        case usable = 0
        case reserved = 1
        case acpiReclaimable = 2
        case acpiNonVolatile = 3
        case bad = 4
        case bootloaderReclaimable = 5
        case kernelAndModules = 6
        case framebuffer = 7
        case reservedMapped = 8
    }

    /// A part of the memory map.
    private struct Part {
        var range: Range<PhysicalAddress>
        var kind: Kind
    }

    let revision: UInt64
    /// The virtual address of physical address 0.
    let offset: UInt64

    /// Calls `body` with the parts of the map, neighbours of one kind as one.
    @inline(never)
    private func forEachPart<P: Firmware>(
        of map: MemoryMap, on firmware: P.Type, _ body: (Part) throws(BootError) -> Void
    ) throws(BootError) {
        var pending: Part?
        try map.forEach { entry throws(BootError) in
            let part = Part(range: entry.range, kind: kind(of: entry, on: firmware))
            if let before = pending, before.kind == part.kind,
                before.range.upperBound == part.range.lowerBound
            {
                pending?.range = before.range.lowerBound..<part.range.upperBound
                return
            }
            if let pending { try body(pending) }
            pending = part
        }
        if let pending { try body(pending) }
    }

    private func kind<P: Firmware>(of entry: MemoryMap.Entry, on firmware: P.Type) -> Kind {
        switch entry.owner {
        case .loader: .bootloaderReclaimable
        case .kernel: .kernelAndModules
        case .firmwareTable: .reservedMapped
        case .framebuffer: .framebuffer
        case .unclaimed, .firmware:
            switch P.role(ofType: entry.type) {
            case .free: .usable
            case .bootServices: .bootloaderReclaimable
            case .acpiTables: .acpiReclaimable
            case .acpiState: .acpiNonVolatile
            case .runtimeServices: revision >= 5 ? .reservedMapped : .reserved
            case .defective: .bad
            case .reserved: .reserved
            }
        }
    }

    /// Writes the memory map's entries and the array of their addresses; returns the array's
    /// address and its count.
    func writeEntries<P: Firmware>(
        of map: MemoryMap, on firmware: P.Type, into arena: inout LimineArena
    ) throws(BootError) -> (array: VirtualAddress, count: UInt64) {
        let first = arena.end
        var count: UInt64 = 0
        try forEachPart(of: map, on: firmware) { part throws(BootError) in
            arena.add(part.range.lowerBound.rawValue)
            arena.add(part.range.byteCount)
            arena.add(part.kind.rawValue)
            count += 1
        }
        let array = arena.end
        for index in 0..<count { arena.add(first + 24 * index) }
        return (array, count)
    }

    /// Maps what the base revision promises at the higher half's direct map.
    func map<P>(
        _ map: MemoryMap, into tables: PageTables, _ memory: inout FrameAllocator<P>
    ) throws(BootError) {
        let everythingUpTo = PhysicalAddress(revision < 3 ? 4 << 30 : 0)
        var run = Run(offset: offset, hasIdentity: revision == 0, tables: tables)
        try forEachPart(of: map, on: P.self) { part throws(BootError) in
            try run.fill(upTo: min(part.range.lowerBound, everythingUpTo), &memory)
            if isMapped(part) {
                try run.add(part.range, isFramebuffer: part.kind == .framebuffer, &memory)
            } else {
                try run.fill(upTo: min(part.range.upperBound, everythingUpTo), &memory)
            }
        }
        try run.fill(upTo: everythingUpTo, &memory)
        try run.end(&memory)
    }

    private func isMapped(_ part: Part) -> Bool {
        switch part.kind {
        case .usable, .bootloaderReclaimable, .kernelAndModules, .framebuffer: true
        case .acpiReclaimable, .acpiNonVolatile: revision < 3 || revision >= 4
        case .reservedMapped: true
        case .reserved, .bad: revision == 0
        }
    }

    /// Neighbouring ranges that one mapping can cover.
    private struct Run {
        private static var border: PhysicalAddress { PhysicalAddress(4 << 30) }

        let offset: UInt64
        let hasIdentity: Bool
        let tables: PageTables
        private var range = PhysicalAddress(0)..<PhysicalAddress(0)
        private var isFramebuffer = false

        init(offset: UInt64, hasIdentity: Bool, tables: PageTables) {
            (self.offset, self.hasIdentity, self.tables) = (offset, hasIdentity, tables)
        }

        /// Maps what is missing below `end` as memory.
        mutating func fill<P>(
            upTo end: PhysicalAddress, _ memory: inout FrameAllocator<P>
        ) throws(BootError) {
            if range.upperBound < end {
                try add(range.upperBound..<end, isFramebuffer: false, &memory)
            }
        }

        mutating func add<P>(
            _ next: Range<PhysicalAddress>, isFramebuffer: Bool,
            _ memory: inout FrameAllocator<P>
        ) throws(BootError) {
            // Memory and devices alternate below 4 GiB, and one page should not contain both.
            if next.lowerBound != range.upperBound || next.lowerBound == Self.border
                || isFramebuffer != self.isFramebuffer
            {
                try end(&memory)
                range = next.lowerBound..<next.lowerBound
                self.isFramebuffer = isFramebuffer
            }
            range = range.lowerBound..<next.upperBound
        }

        /// Maps the run.
        @inline(never)
        func end<P>(_ memory: inout FrameAllocator<P>) throws(BootError) {
            var flags: PageFlags = [.present, .writable]
            if isFramebuffer { flags.formUnion(.writeCombining) }
            let sizes = range.lowerBound < Self.border ? .largePages : Architecture.largestPages
            try tables.map(
                VirtualAddress(range.lowerBound.rawValue + offset), to: range.lowerBound,
                byteCount: range.byteCount, flags, &memory, sizes)
            if hasIdentity {
                let first = max(range.lowerBound, PhysicalAddress(pageSize))
                guard first < range.upperBound else { return }
                try tables.map(
                    VirtualAddress(identityOf: first), to: first,
                    byteCount: range.upperBound - first, flags, &memory, sizes)
            }
        }
    }
}
