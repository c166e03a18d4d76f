import CUEFI

/// The firmware's memory map (UEFI 2.10, section 7.2.3).
struct FirmwareMemoryMap {
    private static let byteCount: UInt64 = 16 * pageSize

    private let services: UnsafeMutablePointer<efi_boot_services>
    private let buffer: UnsafeMutableRawPointer
    private var usedByteCount: UInt64 = 0
    private var descriptorByteCount: UInt64 = 0
    /// Proves to the firmware that the map is still right.
    private(set) var key: UInt64 = 0

    /// Allocates the buffer now: an allocation after reading would change the map.
    init(_ services: UnsafeMutablePointer<efi_boot_services>) throws(BootError) {
        self.services = services
        var address: UInt64 = 0
        let status = services.pointee.allocate_pages(
            EFI_ALLOCATE_ANY_PAGES.rawValue, EFI_LOADER_DATA.rawValue,
            Self.byteCount / pageSize, &address)
        try check(status, .memoryMap, "no memory for it; status")
        buffer = address.pointer
    }

    /// Reads the map as it is now.
    mutating func read() throws(BootError) {
        var version: UInt32 = 0
        usedByteCount = Self.byteCount
        let status = services.pointee.get_memory_map(
            &usedByteCount, buffer, &key, &descriptorByteCount, &version)
        try check(status, .memoryMap, "cannot be read; status")
    }

    /// Calls `body` with each descriptor, in the firmware's order.
    func forEach<E: Error>(
        _ body: (efi_memory_descriptor) throws(E) -> Void
    ) throws(E) {
        for offset in stride(from: 0, to: Int(usedByteCount), by: Int(descriptorByteCount)) {
            try body(buffer.load(fromByteOffset: offset, as: efi_memory_descriptor.self))
        }
    }

    /// Hands the map on: what only the firmware's boot services needed is free now.
    func add(to map: inout MemoryMap) throws(BootError) {
        try forEach { descriptor throws(BootError) in
            let range = descriptor.physical_start..<descriptor.end
            if descriptor.isFreeAfterExit {
                try map.add(usable: range)
            } else {
                try map.add(
                    reserved: range, kind: BOOT_MEMORY_UNKNOWN_UEFI, type: descriptor.type)
            }
        }
    }
}

extension efi_memory_descriptor {
    /// The physical address after the last byte.
    var end: UInt64 { physical_start + page_count * pageSize }

    /// Whether there is memory, not only addresses.
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
        default:
            false
        }
    }
}
