import CBIOS

/// The drive that the firmware booted from, read by int 13h extensions (EDD 3.0, section 5.1).
struct Disk {
    /// In this unit places on every drive are told.
    private static let unit: UInt64 = 512

    /// The firmware's number for the drive: 0x80 is the first hard disk.
    let drive: UInt8
    /// How long the drive's own sectors are, in bytes: a multiple of 512.
    let sectorSize: UInt64

    /// Fills `buffer` with what stands on the disk from the sector of 512 bytes `first` on; smaller
    /// calls are tried where firmware fails large ones.
    func read(
        from first: UInt64, into buffer: UnsafeMutableRawBufferPointer
    ) throws(BootError) {
        let start = first &* Self.unit
        guard start.isMultiple(of: sectorSize) else {
            throw BootError(
                .payload, "between two of the drive's sectors", found: start, allowed: sectorSize)
        }
        let transfer = UInt64(TRANSFER_BUFFER).pointer
        var limit = UInt64(TRANSFER_SECTORS) * Self.unit / sectorSize
        var done = 0
        var sector = start / sectorSize
        while done < buffer.count {
            let missing = UInt64(buffer.count - done)
            let sectors = min((missing + sectorSize - 1) / sectorSize, limit)
            if let status = readSectors(sector, count: UInt16(sectors)) {
                guard limit > 1 else {
                    throw BootError(.disk, "cannot be read; int 13h status", found: status)
                }
                limit = max(limit / 8, 1)
                continue
            }
            let byteCount = min(Int(sectors * sectorSize), buffer.count - done)
            UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
                .copyMemory(from: UnsafeRawBufferPointer(start: transfer, count: byteCount))
            done += byteCount
            sector += sectors
        }
    }

    /// Reads sectors into the transfer buffer, twice if need be, with a reset in between;
    /// returns what the firmware complains of, nil if it does not.
    private func readSectors(_ first: UInt64, count: UInt16) -> UInt64? {
        var status: UInt64 = 0
        for _ in 0..<2 {
            var packet = DiskAddressPacket(sectors: count, first: first)
            var registers = bios_registers()
            registers.eax = 0x4200
            registers.edx = UInt32(drive)
            withUnsafeMutablePointer(to: &packet) {
                let address = UInt32(UInt(bitPattern: $0))
                registers.ds = UInt16(address >> 4)
                registers.esi = address & 0xF
                bios_call(0x13, &registers)
            }
            if registers.eflags & 1 == 0 { return nil }
            status = UInt64(registers.eax >> 8 & 0xFF)
            reset()
        }
        return status
    }

    private func reset() {
        var registers = bios_registers()
        registers.edx = UInt32(drive)
        bios_call(0x13, &registers)
    }
}

/// What to read and where to (EDD 3.0, table 1); 16 bytes, read by firmware.
private struct DiskAddressPacket {
    var byteCount: UInt8 = 16
    var reserved: UInt8 = 0
    var sectors: UInt16
    var offset: UInt16 = 0
    var segment = UInt16(TRANSFER_BUFFER >> 4)
    var first: UInt64

    init(sectors: UInt16, first: UInt64) {
        self.sectors = sectors
        self.first = first
    }
}
