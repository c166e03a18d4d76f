/// What a kernel of the Multiboot protocols is told.
struct MultibootContents {
    let isFirst: Bool
    var loadBase: UInt64 = 0
    var commandLine: PhysicalMemory?
    var modules = PerModule(repeating: PhysicalMemory(PhysicalAddress(0), byteCount: 0))
    var moduleStrings = PerModule(repeating: PhysicalMemory(PhysicalAddress(0), byteCount: 0))
    var moduleCount = 0
    var sections: MultibootELF.Sections?
    /// The kernel's file, which has the contents of those sections that are not loaded.
    var file = PhysicalMemory(PhysicalAddress(0), byteCount: 0)
    var screen: Framebuffer?
    var powerManagement: PowerManagementTable?

    init(isFirst: Bool) { self.isFirst = isFirst }

    /// What the kernel finds in EAX.
    var magic: UInt32 { isFirst ? 0x2BAD_B002 : 0x36D7_6289 }
}

/// The boot information, in memory (Multiboot 0.6.96, section 3.3; Multiboot2 2.0, section 3.6).
///
/// Where the texts and the headers that kernels use differ, it is as in the headers.
struct MultibootInformation {
    private let memory: PhysicalMemory
    private var used: UInt64 = 0
    /// Where the tag that is being written starts.
    private var tag: UInt64 = 0

    init(_ memory: PhysicalMemory) { self.memory = memory }

    /// Room for all of it: the memory map, with version 2 also UEFI's and SMBIOS tables, and what
    /// depends on the kernel.
    static func byteCount(of contents: MultibootContents) -> UInt64 {
        let sections = contents.sections?.headers.byteCount ?? 0
        let text = contents.commandLine?.byteCount ?? 0
        let maps: UInt64 = contents.isFirst ? 48 << 10 : 192 << 10
        return maps + sections + 2 * text
    }

    /// Writes everything; the memory maps only if they are final.
    mutating func write<P: Firmware>(
        _ contents: MultibootContents, _ firmware: P, isFinal: Bool
    ) {
        if contents.isFirst {
            writeFirst(contents, firmware)
        } else {
            writeSecond(contents, firmware, isFinal: isFinal)
        }
    }
}

// MARK: Version 2

extension MultibootInformation {
    private mutating func writeSecond<P: Firmware>(
        _ contents: MultibootContents, _ firmware: P, isFinal: Bool
    ) {
        add(0)  // the total size, known at the end
        add(0)
        begin(21)
        add(UInt32(truncatingIfNeeded: contents.loadBase))
        end()
        begin(1)
        addString(contents.commandLine)
        end()
        begin(2)
        addText("bootimage")
        end()
        if let table = contents.powerManagement {
            begin(10)
            for index in 0..<5 { add(table[index]) }
            end()
        }
        for index in 0..<contents.moduleCount {
            begin(3)
            addRange(contents.modules[index])
            addString(contents.moduleStrings[index])
            end()
        }
        var sizes = BasicMemory()
        if isFinal { addMemoryMap(firmware, &sizes) }
        if let sections = contents.sections {
            begin(9)
            add(sections.count)
            add(sections.entryByteCount)
            add(sections.nameIndex)
            addSections(sections, contents.file)
            end()
        }
        if isFinal {
            begin(4)
            add(sizes.lower)
            add(sizes.upper)
            end()
        }
        if let drive = firmware.medium.biosDrive {
            begin(5)
            add(UInt32(drive))
            add(~0)
            add(~0)
            end()
        }
        addScreen(contents.screen, isEFI: firmware.systemTableAddress != nil)
        addFirmware(firmware, isFinal: isFinal)
        begin(0)
        end()
        memory.store(UInt32(used), at: 0)
    }

    private mutating func addMemoryMap<P: Firmware>(_ firmware: P, _ sizes: inout BasicMemory) {
        begin(6)
        add(24)
        add(0)
        forEachRegion(of: firmware) { information, range, type in
            information.addWord(range.lowerBound.rawValue)
            information.addWord(range.byteCount)
            information.add(type)
            information.add(0)
            sizes.count(range, type)
        }
        end()
    }

    private mutating func addScreen(_ screen: Framebuffer?, isEFI: Bool) {
        guard screen != nil || !isEFI else { return }
        begin(8)
        addScreen(screen)
        end()
    }

    private mutating func addFirmware<P: Firmware>(_ firmware: P, isFinal: Bool) {
        if let table = firmware.systemTableAddress {
            begin(12)
            addWord(table.rawValue)
            end()
        }
        addSMBIOS(firmware.findSMBIOS())
        if let rsdp = firmware.findRSDP() {
            let isOld = PhysicalMemory(rsdp, byteCount: 20)[15] < 2
            begin(14)
            addCopy(of: PhysicalMemory(rsdp, byteCount: 20))
            end()
            if !isOld {
                begin(15)
                addCopy(of: PhysicalMemory(rsdp, byteCount: 36))
                end()
            }
        }
        if isFinal, let map = firmware.firmwareMap {
            begin(17)
            add(UInt32(map.descriptorByteCount))
            add(map.version)
            addCopy(of: map.contents)
            end()
        }
        if !isFinal, let image = firmware.imageHandle {
            begin(18)
            end()
            begin(20)
            addWord(image)
            end()
        }
    }

    /// Adds a copy of the SMBIOS tables that an entry point leads to (SMBIOS 3.7, section 5.2).
    private mutating func addSMBIOS(_ found: (short: PhysicalAddress?, long: PhysicalAddress?)) {
        let limit: UInt64 = 64 << 10
        if let start = found.long {
            let entry = PhysicalMemory(start, byteCount: 24)
            begin(13)
            addByte(entry[7])
            addByte(entry[8])
            for _ in 0..<6 { addByte(0) }
            addCopy(
                of: PhysicalMemory(
                    PhysicalAddress(entry.load(UInt64.self, at: 16)),
                    byteCount: min(UInt64(entry.word(at: 12)), limit)))
            end()
        } else if let start = found.short {
            let entry = PhysicalMemory(start, byteCount: 31)
            begin(13)
            addByte(entry[6])
            addByte(entry[7])
            for _ in 0..<6 { addByte(0) }
            addCopy(
                of: PhysicalMemory(
                    PhysicalAddress(UInt64(entry.word(at: 24))),
                    byteCount: UInt64(entry.load(UInt16.self, at: 22))))
            end()
        }
    }

    /// Starts a tag, at a multiple of 8 bytes.
    private mutating func begin(_ type: UInt32) {
        tag = used
        add(type)
        add(0)
    }

    /// Ends a tag: its size does not include what follows up to a multiple of 8 bytes.
    private mutating func end() {
        memory.store(UInt32(used - tag), at: tag + 4)
        while used % 8 != 0 { addByte(UInt8(0)) }
    }
}

// MARK: Version 1

extension MultibootInformation {
    private static var structByteCount: UInt64 { 120 }

    private mutating func writeFirst<P: Firmware>(_ contents: MultibootContents, _ firmware: P) {
        let base = memory.start.rawValue
        memory[0..<Self.structByteCount].clear()
        used = (Self.structByteCount + 7) & ~7
        var flags: UInt32 = 1 << 2 | 1 << 3 | 1 << 6 | 1 << 9 | 1 << 0
        func put(_ value: UInt64, at offset: UInt64) {
            memory.store(UInt32(truncatingIfNeeded: value), at: offset)
        }
        put(base + used, at: 16)
        addString(contents.commandLine)
        put(base + used, at: 64)
        addText("bootimage")
        var strings = PerModule(repeating: UInt64(0))
        for index in 0..<contents.moduleCount {
            strings[index] = base + used
            addString(contents.moduleStrings[index])
        }
        used = (used + 7) & ~7
        put(UInt64(contents.moduleCount), at: 20)
        put(base + used, at: 24)
        for index in 0..<contents.moduleCount {
            addRange(contents.modules[index])
            add(UInt32(truncatingIfNeeded: strings[index]))
            add(0)
        }
        put(base + used, at: 48)
        let start = used
        var sizes = BasicMemory()
        forEachRegion(of: firmware) { information, range, type in
            information.add(20)
            information.addWord(range.lowerBound.rawValue)
            information.addWord(range.byteCount)
            information.add(type)
            sizes.count(range, type)
        }
        put(used - start, at: 44)
        put(UInt64(sizes.lower), at: 4)
        put(UInt64(sizes.upper), at: 8)
        if let sections = contents.sections {
            flags |= 1 << 5
            put(UInt64(sections.count), at: 28)
            put(UInt64(sections.entryByteCount), at: 32)
            put(base + used, at: 36)
            put(UInt64(sections.nameIndex), at: 40)
            addSections(sections, contents.file)
        }
        if let drive = firmware.medium.biosDrive {
            flags |= 1 << 1
            put(UInt64(drive) << 24 | 0xFF_FFFF, at: 12)
        }
        if contents.screen != nil || firmware.systemTableAddress == nil {
            flags |= 1 << 12
            used = 88
            addScreen(contents.screen)
        }
        put(UInt64(flags), at: 0)
    }
}

// MARK: Both

extension MultibootInformation {
    /// The sizes of memory from 0 and from 1 MiB on, in KiB.
    private struct BasicMemory {
        var lower: UInt32 = 0
        var upper: UInt32 = 0

        mutating func count(_ range: Range<PhysicalAddress>, _ type: UInt32) {
            guard type == 1 else { return }
            let megabyte = PhysicalAddress(1 << 20)
            if range.lowerBound <= PhysicalAddress(pageSize), range.upperBound <= megabyte {
                lower = UInt32(truncatingIfNeeded: range.upperBound.rawValue >> 10)
            } else if range.contains(megabyte) {
                upper = UInt32(truncatingIfNeeded: (range.upperBound - megabyte) >> 10)
            }
        }
    }

    /// Calls `body` with each region of the firmware's memory map, neighbours of one type as one.
    private mutating func forEachRegion<P: Firmware>(
        of firmware: P,
        _ body: (inout MultibootInformation, Range<PhysicalAddress>, UInt32) -> Void
    ) {
        var pending: (range: Range<PhysicalAddress>, type: UInt32)?
        firmware.forEachFinalRange { range, role in
            let type: UInt32 =
                switch role {
                case .free, .bootServices: 1
                case .acpiTables: 3
                case .acpiState: 4
                case .defective: 5
                case .runtimeServices, .reserved: 2
                }
            if let before = pending, before.type == type,
                before.range.upperBound == range.lowerBound
            {
                pending?.range = before.range.lowerBound..<range.upperBound
                return
            }
            if let pending { body(&self, pending.range, pending.type) }
            pending = (range, type)
        }
        if let pending { body(&self, pending.range, pending.type) }
    }

    /// Adds section headers; those of sections that are not loaded get the address of their
    /// contents in the file.
    private mutating func addSections(
        _ sections: MultibootELF.Sections, _ file: PhysicalMemory
    ) {
        let table = used
        addCopy(of: sections.headers)
        let byteCount = UInt64(sections.entryByteCount)
        let (addressField, offsetField, sizeField): (UInt64, UInt64, UInt64) =
            sections.is64Bit ? (16, 24, 32) : (12, 16, 20)
        let noBits: UInt32 = 8
        for index in 0..<UInt64(sections.count) {
            let start = table + index * byteCount
            let header = memory[start..<start + byteCount]
            guard header.word(at: 4) != noBits, header.word(at: addressField) == 0,
                header.word(at: sizeField) != 0
            else { continue }
            header.store(
                UInt32(truncatingIfNeeded: file.start.rawValue) &+ header.word(at: offsetField),
                at: addressField)
        }
    }

    /// Adds the fields of a framebuffer; nil: those of the PC's text screen.
    private mutating func addScreen(_ screen: Framebuffer?) {
        addWord(screen?.start.rawValue ?? 0xB8000)
        add(UInt32(screen?.pitch ?? 160))
        add(UInt32(screen?.width ?? 80))
        add(UInt32(screen?.height ?? 25))
        addByte(UInt8(8 * (screen?.bytesPerPixel ?? 2)))
        addByte(UInt8(screen == nil ? 2 : 1))
        addByte(0)  // reserved
        addByte(0)
        guard let screen else { return }
        let fields = [screen.red, screen.green, screen.blue] as [3 of Framebuffer.Field]
        for index in 0..<3 {
            addByte(fields[index].position)
            addByte(fields[index].bitCount)
        }
    }

    private mutating func addRange(_ memory: PhysicalMemory) {
        add(UInt32(truncatingIfNeeded: memory.start.rawValue))
        add(UInt32(truncatingIfNeeded: memory.end.rawValue))
    }

    @inline(never)
    private mutating func add(_ number: UInt32) {
        memory.store(number, at: used)
        used += 4
    }

    private mutating func addWord(_ number: UInt64) {
        add(UInt32(truncatingIfNeeded: number))
        add(UInt32(truncatingIfNeeded: number >> 32))
    }

    @inline(never)
    private mutating func addByte(_ byte: UInt8) {
        memory.store(byte, at: used)
        used += 1
    }

    private mutating func addCopy(of contents: PhysicalMemory) {
        memory[used..<memory.byteCount].copy(from: contents)
        used += contents.byteCount
    }

    private mutating func addText(_ text: Text) {
        var index = 0
        while text[index] != 0 {
            addByte(text[index])
            index += 1
        }
        addByte(UInt8(0))
    }

    /// Adds a zero-terminated string from memory; nil: an empty one.
    private mutating func addString(_ text: PhysicalMemory?) {
        var offset: UInt64 = 0
        while let text, text[offset] != 0 {
            addByte(text[offset])
            offset += 1
        }
        addByte(UInt8(0))
    }
}
