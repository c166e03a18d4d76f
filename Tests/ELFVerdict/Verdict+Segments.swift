extension Verdict {
    /// The maximum span of a position-independent kernel: an entry of the top-level page table.
    private static let positionIndependentLimit: Int128 = 512 << 30

    /// gABI, "Program Loading", and the limits of four levels of page tables.
    mutating func judgeLoads(_ headers: [ProgramHeader]) {
        for header in headers where header.type == 1 {
            judgeContents(header)
            if header.memorySize > 0 { loads.append(header) }
        }
        loads.forEach { judgeLoad($0) }
        require(!loads.isEmpty, "segment-none")
        for (index, load) in loads.enumerated() {
            let overlaps = loads.dropFirst(index + 1).contains {
                $0.address < load.memoryEnd && load.address < $0.memoryEnd
            }
            require(!overlaps, "segment-overlap")
        }
        require(loads.count <= 240, "segment-count")
        require(loads.reduce(0) { $0 + $1.memorySize } <= 512 << 30, "segment-memory")
        let start = loads.map(\.address).min() ?? 0
        let end = loads.map(\.memoryEnd).max() ?? 0
        require(
            !isPositionIndependent || end - start <= Self.positionIndependentLimit, "segment-span")
    }

    /// LSB Core, "Note sections": a GNU note of type 1 names the system, 0 for Linux.
    mutating func judgeNotes(_ headers: [ProgramHeader]) {
        for header in headers where header.type == 4 {
            let unit: Int128 = header.alignment == 8 ? 8 : 4
            var place = header.offset
            let end = header.offset + min(header.fileSize, 64 << 10)
            guard end <= file.byteCount else { continue }
            while place + 12 <= end, let nameSize = file.number(place, 4),
                let size = file.number(place + 4, 4), let type = file.number(place + 8, 4)
            {
                let description = (place + 12 + nameSize + unit - 1) / unit * unit
                guard description + size <= end else { break }
                let isGNU =
                    nameSize >= 3 && file.number(place + 12, 3) == 0x55_4e47
                    && (nameSize == 3 || file.number(place + 15, 1) == 0)
                let isForLinux = type == 1 && size >= 16 && file.number(description, 4) == 0
                require(!isGNU || !isForLinux, "linux-program")
                place = (description + size + unit - 1) / unit * unit
            }
        }
    }

    /// The rules on any program header that has contents.
    private mutating func judgeContents(_ header: ProgramHeader) {
        judgeFileRange(header)
        require(header.fileSize <= header.memorySize, "segment-file-size")
        require(header.memoryEnd < addressLimit, "segment-address-overflow")
        let powersOfTwo = (0..<64).map { Int128(1) << $0 }
        require(
            header.alignment == 0 || powersOfTwo.contains(header.alignment), "segment-alignment")
    }

    /// Without bytes, the offset is meaningless.
    private mutating func judgeFileRange(_ header: ProgramHeader) {
        require(
            header.fileSize == 0 || header.offset + header.fileSize <= file.byteCount,
            "segment-outside-file")
    }

    private mutating func judgeLoad(_ load: ProgramHeader) {
        let distance = load.address - load.offset
        require(
            load.alignment == 0 || distance.isMultiple(of: load.alignment), "segment-congruence")
        if isPositionIndependent {
            require(load.alignment <= Self.positionIndependentLimit, "segment-alignment-limit")
        } else {
            // Four levels of tables map 48 bits, which x86-64 has for both halves together.
            let half = Int128(1) << (file.header(18, 2) == 183 ? 48 : 47)
            let halves = [0...half, (addressLimit - half)...addressLimit]
            let isCanonical = halves.contains {
                $0.lowerBound <= load.address && load.memoryEnd <= $0.upperBound
            }
            require(isCanonical, "segment-canonical")
        }
    }

    /// The entry point is executable, and its byte is in the file.
    mutating func judgeEntry() {
        let entry = file.header(24, 8)
        let code = loads.filter { $0.flags & 1 != 0 && $0.hasMemory(at: entry, 1) }
        let isPhysical = loads.contains {
            let end = $0.physicalAddress + $0.fileSize
            return $0.flags & 1 != 0 && $0.physicalAddress <= entry && entry < end
        }
        require(!code.isEmpty || isPhysical, "entry-executable")
        require(!code.isEmpty || !isPhysical, "entry-physical")
        require(code.contains { $0.place(of: entry, 1) != nil }, "entry-zeroes")
    }

    /// The header of a type that may occur once; the first one if it occurs more often.
    mutating func only(_ type: Int128, _ headers: [ProgramHeader]) -> ProgramHeader? {
        let found = headers.filter { $0.type == type }
        require(found.count <= 1, "segment-duplicate")
        return found.first
    }

    /// gABI, "Thread-Local Storage": a segment contains the bytes of `PT_TLS`, but not its zeroes.
    mutating func judgeThreadLocalStorage(_ headers: [ProgramHeader]) {
        guard let template = only(7, headers) else { return }
        judgeContents(template)
        let isLoaded = loads.contains { $0.hasMemory(at: template.address, template.fileSize) }
        require(template.fileSize == 0 || isLoaded, "segment-not-loaded")
    }

    /// `PT_GNU_RELRO` is within the pages of the segment that it starts in.
    mutating func judgeRELRO(_ headers: [ProgramHeader]) {
        guard let range = only(0x6474_e552, headers) else { return }
        require(range.memoryEnd < addressLimit, "segment-address-overflow")
        let isOnPages = loads.contains { load in
            let pagesEnd = (load.memoryEnd + 4095) / 4096 * 4096
            return load.hasMemory(at: range.address, 1) && range.memoryEnd <= pagesEnd
        }
        require(range.memorySize == 0 || isOnPages, "segment-not-loaded")
    }

    /// The file range of `PT_DYNAMIC`, if it has bytes and the file has them.
    mutating func dynamicSection(_ headers: [ProgramHeader]) -> ProgramHeader? {
        guard let section = only(2, headers) else { return nil }
        judgeFileRange(section)
        let isReadable = section.offset + section.fileSize <= file.byteCount
        return section.fileSize > 0 && isReadable ? section : nil
    }
}
