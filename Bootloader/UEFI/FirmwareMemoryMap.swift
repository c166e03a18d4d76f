import CUEFI

/// The firmware's memory map (UEFI 2.10, section 7.2.3).
struct FirmwareMemoryMap {
    private let services: Interface<efi_boot_services>
    private let buffer: PhysicalMemory
    private var usedByteCount: UInt64 = 0
    private var descriptorByteCount: UInt64 = 0
    private var version: UInt32 = 0
    /// Proves to the firmware that the map is current.
    private(set) var key: UInt64 = 0

    /// Allocates the buffer first: allocating after reading would change the map.
    init(_ services: Interface<efi_boot_services>) throws(BootError) {
        self.services = services
        buffer = try services.allocate(PageCount(16), EFI_LOADER_DATA)
    }

    mutating func read() throws(BootError) {
        usedByteCount = buffer.byteCount
        let status = services.members.get_memory_map(
            &usedByteCount, buffer.pointer, &key, &descriptorByteCount, &version)
        try check(status, .memoryMap, "cannot be read; status")
    }

    /// The map as it was read.
    var contents: FirmwareMap {
        FirmwareMap(
            contents: buffer[0..<usedByteCount], descriptorByteCount: descriptorByteCount,
            version: version)
    }

    /// Calls `body` with each descriptor, in the firmware's order.
    @inline(never)
    func forEach<E: Error>(_ body: (efi_memory_descriptor) throws(E) -> Void) throws(E) {
        var offset: UInt64 = 0
        while offset < usedByteCount {
            try body(buffer.load(efi_memory_descriptor.self, at: offset))
            offset += descriptorByteCount
        }
    }

    /// Adds the map to the kernel's, with the boot services' memory as free.
    func add(to map: inout MemoryMap) throws(BootError) {
        try forEach { descriptor throws(BootError) in
            if descriptor.isFreeAfterExit {
                try map.add(usable: descriptor.range, type: descriptor.type)
            } else {
                try map.add(reserved: descriptor.range, type: descriptor.type)
            }
        }
    }
}

extension efi_memory_descriptor {
    var range: Range<PhysicalAddress> {
        let start = PhysicalAddress(physical_start)
        return start..<start + PageCount(page_count).byteCount
    }

    /// Whether the range is RAM, not just addresses.
    var isRAM: Bool {
        switch efi_memory_type(type) {
        case EFI_RESERVED, EFI_MEMORY_MAPPED_IO, EFI_MEMORY_MAPPED_IO_PORTS: false
        default: true
        }
    }

    fileprivate var isFreeAfterExit: Bool {
        switch efi_memory_type(type) {
        case EFI_LOADER_CODE, EFI_LOADER_DATA, EFI_BOOT_SERVICES_CODE, EFI_BOOT_SERVICES_DATA,
            EFI_CONVENTIONAL:
            true
        default: false
        }
    }
}
