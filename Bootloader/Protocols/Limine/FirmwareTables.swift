extension MemoryMap {
    private static var largestTableByteCount: UInt64 { 16 << 20 }

    /// Adds the firmware's tables that a kernel of a base revision finds in its direct map.
    mutating func addTables<P: Firmware>(of firmware: P, revision: UInt64) throws(BootError) {
        guard revision >= 4 else { return }
        if let rsdp = firmware.findRSDP() {
            try ACPITables.forEachPart(of: rsdp) { part throws(BootError) in
                try add(tableOfACPI: part, on: P.self)
            }
        }
        guard revision >= 5 else { return }
        // The entry points (SMBIOS 3.7, section 5.2), and the tables that they lead to.
        let entries = firmware.findSMBIOS()
        if let start = entries.short {
            let entry = PhysicalMemory(start, byteCount: 31)
            try add(table: entry)
            try add(
                table: PhysicalMemory(
                    PhysicalAddress(UInt64(entry.load(UInt32.self, at: 24))),
                    byteCount: UInt64(entry.load(UInt16.self, at: 22))))
        }
        if let start = entries.long {
            let entry = PhysicalMemory(start, byteCount: 24)
            try add(table: entry)
            try add(
                table: PhysicalMemory(
                    PhysicalAddress(entry.load(UInt64.self, at: 16)),
                    byteCount: UInt64(entry.load(UInt32.self, at: 12))))
        }
        try firmware.forEachSystemTable { table throws(BootError) in try add(table: table) }
    }

    /// Adds a table, unless the firmware lists its memory as ACPI's.
    @inline(never)
    private mutating func add<P: Firmware>(
        tableOfACPI table: PhysicalMemory, on firmware: P.Type
    ) throws(BootError) {
        func isListed(_ address: PhysicalAddress) -> Bool {
            guard let entry = owner(of: address), entry.owner == .firmware else { return false }
            switch P.role(ofType: entry.type) {
            case .acpiTables, .acpiState: return true
            default: return false
            }
        }
        if !isListed(table.start) || !isListed(table.end - 1) { try add(table: table) }
    }

    /// Adds the pages of a table.
    @inline(never)
    private mutating func add(table: PhysicalMemory) throws(BootError) {
        guard table.byteCount > 0, table.byteCount <= Self.largestTableByteCount,
            let range = table.start.range(byteCount: table.byteCount),
            range.upperBound <= PhysicalAddress(~0 - pageSize)
        else { return }
        try add(range.lowerBound.pageStart..<range.upperBound.roundedUpToPage, .firmwareTable)
    }
}
