import CBIOS

extension BootMedium {
    /// Finds the partition that contains a sector, and reads its identifiers and its disk's.
    ///
    /// `buffer` has room for one sector.
    init(of disk: Disk, sector: UInt64, _ buffer: PhysicalMemory) {
        kind = disk.sectorSize == 512 ? 0 : 1
        // The boot sector is in memory; its table starts at byte 446.
        let table = PhysicalMemory(
            PhysicalAddress(layout: BOOT_SECTOR_ADDRESS + BOOT_PARAMETERS_END), byteCount: 72)
        diskSignature = table.load(UInt32.self)
        var isProtective = false
        for index in UInt64(0)..<4 {
            let entry = table[6 + 16 * index..<22 + 16 * index]
            if entry[4] == 0xEE { isProtective = true }
            let first = UInt64(entry.load(UInt32.self, at: 8))
            if first <= sector, sector - first < UInt64(entry.load(UInt32.self, at: 12)) {
                partition = UInt32(index + 1)
            }
        }
        guard isProtective, kind == 0 else { return }
        (partition, diskSignature) = (0, 0)
        // The identifiers are optional: a kernel starts without them, too.
        try? findPartition(on: disk, sector: sector, buffer)
    }

    /// Searches the GUID partition table (UEFI 2.10, section 5.3).
    private mutating func findPartition(
        on disk: Disk, sector: UInt64, _ buffer: PhysicalMemory
    ) throws(BootError) {
        let entryByteCount: UInt64 = 128
        try disk.read(from: 1, into: buffer)
        guard buffer.load(UInt64.self) == 0x5452_4150_2049_4645,  // "EFI PART"
            buffer.load(UInt32.self, at: 84) == entryByteCount
        else { return }
        identifiers[0] = buffer.load(UInt64.self, at: 56)
        identifiers[1] = buffer.load(UInt64.self, at: 64)
        let first = buffer.load(UInt64.self, at: 72)
        let perSector = buffer.byteCount / entryByteCount
        for index in 0..<min(UInt64(buffer.load(UInt32.self, at: 80)), 128) {
            if index % perSector == 0 {
                try disk.read(from: first + index / perSector, into: buffer)
            }
            let entry = buffer[index % perSector * entryByteCount..<buffer.byteCount]
            let (start, last) = (
                entry.load(UInt64.self, at: 32), entry.load(UInt64.self, at: 40)
            )
            if start <= sector, sector <= last {
                partition = UInt32(index + 1)
                identifiers[2] = entry.load(UInt64.self, at: 16)
                identifiers[3] = entry.load(UInt64.self, at: 24)
                return
            }
        }
    }
}
