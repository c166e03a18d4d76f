import CBIOS

/// The drive that the firmware booted from, read by int 13h extensions (EDD 3.0, section 5.1).
struct Disk {
    /// The unit of disk addresses, in bytes.
    private static let unit: UInt64 = 512

    /// The firmware's number for the drive: 0x80 is the first hard disk.
    let drive: UInt8
    /// The length of the drive's own sectors, in bytes: a multiple of 512.
    let sectorSize: UInt64

    /// Fills `memory` from sector `first` on, in units of 512 bytes; retries with smaller reads.
    func read(from first: UInt64, into memory: PhysicalMemory) throws(BootError) {
        let start = first &* Self.unit
        guard start.isMultiple(of: sectorSize) else {
            throw BootError(
                .payload, "not a multiple of the drive's sector size", found: start,
                allowed: sectorSize)
        }
        let transfer = PhysicalMemory(
            PhysicalAddress(layout: TRANSFER_BUFFER),
            byteCount: UInt64(TRANSFER_SECTORS) * Self.unit)
        var limit = transfer.byteCount / sectorSize
        var done: UInt64 = 0
        var sector = start / sectorSize
        while done < memory.byteCount {
            let missing = memory.byteCount - done
            let sectors = min((missing + sectorSize - 1) / sectorSize, limit)
            if let status = readSectors(sector, count: UInt16(sectors)) {
                guard limit > 1 else {
                    throw BootError(.disk, "cannot be read; int 13h status", found: status)
                }
                limit = max(limit / 8, 1)
                continue
            }
            let byteCount = min(sectors * sectorSize, missing)
            memory[done..<memory.byteCount].copy(from: transfer[0..<byteCount])
            done += byteCount
            sector += sectors
        }
    }

    /// Reads sectors into the transfer buffer, with one retry after a reset; returns the firmware's
    /// status if both attempts fail, else nil.
    private func readSectors(_ first: UInt64, count: UInt16) -> UInt64? {
        // The disk address packet (EDD 3.0, table 1).
        let packet = PhysicalMemory(PhysicalAddress(layout: DISK_ADDRESS_PACKET), byteCount: 16)
        var status: UInt64 = 0
        for _ in 0..<2 {
            packet.store(UInt32(count) << 16 | 16)
            packet.store(UInt32(TRANSFER_BUFFER >> 4) << 16, at: 4)  // segment and offset
            packet.store(first, at: 8)
            var registers = bios_registers()
            registers.eax = 0x4200
            registers.edx = UInt32(drive)
            registers.ds = UInt16(DISK_ADDRESS_PACKET >> 4)
            bios_call(0x13, &registers)
            if registers.eflags & 1 == 0 { return nil }
            status = UInt64(registers.eax >> 8 & 0xFF)
            registers = bios_registers()  // function 0: reset
            registers.edx = UInt32(drive)
            bios_call(0x13, &registers)
        }
        return status
    }
}
