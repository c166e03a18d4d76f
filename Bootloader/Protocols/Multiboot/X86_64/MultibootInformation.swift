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
    /// Xen takes the first word of the command line for the kernel's name, unless GRUB 2 is named.
    static var loaderName: Text { "bootimage (like GRUB 2)" }

    let memory: PhysicalMemory
    var used: UInt64 = 0
    /// Where the tag that is being written starts.
    var tag: UInt64 = 0

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

extension MultibootInformation {
    /// The sizes of memory from 0 and from 1 MiB on, in KiB.
    struct BasicMemory {
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
    @inline(never)
    mutating func forEachRegion<P: Firmware>(
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
    mutating func addSections(
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
    mutating func addScreen(_ screen: Framebuffer?) {
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

    mutating func addRange(_ memory: PhysicalMemory) {
        add(UInt32(truncatingIfNeeded: memory.start.rawValue))
        add(UInt32(truncatingIfNeeded: memory.end.rawValue))
    }

    @inline(never)
    mutating func add(_ number: UInt32) {
        memory.store(number, at: used)
        used += 4
    }

    mutating func addWord(_ number: UInt64) {
        add(UInt32(truncatingIfNeeded: number))
        add(UInt32(truncatingIfNeeded: number >> 32))
    }

    @inline(never)
    mutating func addByte(_ byte: UInt8) {
        memory.store(byte, at: used)
        used += 1
    }

    mutating func addCopy(of contents: PhysicalMemory) {
        memory[used..<memory.byteCount].copy(from: contents)
        used += contents.byteCount
    }

    mutating func addText(_ text: Text) {
        var index = 0
        while text[index] != 0 {
            addByte(text[index])
            index += 1
        }
        addByte(UInt8(0))
    }

    /// Adds a zero-terminated string from memory; nil: an empty one.
    mutating func addString(_ text: PhysicalMemory?) {
        var offset: UInt64 = 0
        while let text, text[offset] != 0 {
            addByte(text[offset])
            offset += 1
        }
        addByte(UInt8(0))
    }
}
