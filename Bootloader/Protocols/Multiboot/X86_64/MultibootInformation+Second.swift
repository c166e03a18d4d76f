/// Version 2: tags.
extension MultibootInformation {
    mutating func writeSecond<P: Firmware>(
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
        addText(Self.loaderName)
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
        if let drive = firmware.drive {
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
