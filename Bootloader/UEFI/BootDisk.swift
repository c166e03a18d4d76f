import CUEFI

extension BootMedium {
    /// The device that the firmware loaded a program from, by its device path (UEFI 2.10, section
    /// 10.3.5).
    init(of device: efi_handle?, _ services: Interface<efi_boot_services>) {
        let path = services.interface(of: device, efi_device_path_guid, as: UInt8.self)
        guard let path else { return }
        let memory = PhysicalMemory(
            PhysicalAddress(UInt64(UInt(bitPattern: path.address))), byteCount: pageSize)
        var offset: UInt64 = 0
        while offset < memory.byteCount - 64, memory[offset] & 0x7F != 0x7F {
            switch memory.load(UInt16.self, at: offset) {
            case 0x0104:  // a partition
                partition = memory.load(UInt32.self, at: offset + 4)
                if memory[offset + 41] == 1 {
                    diskSignature = memory.load(UInt32.self, at: offset + 24)
                } else if memory[offset + 41] == 2 {
                    identifiers[2] = memory.load(UInt64.self, at: offset + 24)
                    identifiers[3] = memory.load(UInt64.self, at: offset + 32)
                    readDisk(memory[0..<offset], services)
                }
            case 0x0204: kind = 1  // El Torito
            default: break
            }
            offset += max(UInt64(memory.load(UInt16.self, at: offset + 2)), 4)
        }
    }

    /// Takes the disk's identifier from its partition table (section 5.3.2).
    private mutating func readDisk(
        _ path: PhysicalMemory, _ services: Interface<efi_boot_services>
    ) {
        guard let page = try? services.allocate(PageCount(1), EFI_LOADER_DATA) else { return }
        page.copy(from: path)
        let endOfPath: UInt32 = 0x0004_FF7F
        page.store(endOfPath, at: path.byteCount)
        var guid = efi_block_io_guid
        var rest: UnsafeMutableRawPointer? = page.pointer
        var handle: efi_handle?
        guard services.members.locate_device_path(&guid, &rest, &handle) == 0,
            let disk = services.interface(of: handle, guid, as: efi_block_io.self),
            let medium = disk.members.media?.pointee, medium.block_size <= page.byteCount,
            disk.members.read_blocks(
                disk.address, medium.media_id, 1, UInt64(medium.block_size), page.pointer) == 0,
            page.load(UInt64.self) == 0x5452_4150_2049_4645  // "EFI PART"
        else { return }
        identifiers[0] = page.load(UInt64.self, at: 56)
        identifiers[1] = page.load(UInt64.self, at: 64)
    }
}
