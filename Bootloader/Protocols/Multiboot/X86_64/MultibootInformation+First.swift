/// Version 1: a structure.
extension MultibootInformation {
    private static var structByteCount: UInt64 { 120 }

    mutating func writeFirst<P: Firmware>(_ contents: MultibootContents, _ firmware: P) {
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
        addText(Self.loaderName)
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
        if let drive = firmware.drive {
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
