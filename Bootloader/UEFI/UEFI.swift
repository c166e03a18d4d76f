import CUEFI

/// UEFI firmware, through its boot services.
struct UEFI: Firmware {
    private let image: efi_handle
    private let systemTable: Interface<efi_system_table>
    let services: Interface<efi_boot_services>
    private let digests = SignedDigests()
    /// Nil until the first file is needed.
    private var source: BootSource?

    init(image: efi_handle, systemTable: Interface<efi_system_table>) {
        self.image = image
        self.systemTable = systemTable
        services = Interface(systemTable.members.boot_services)
        // The watchdog would reset a kernel that has not exited after five minutes.
        _ = services.members.set_watchdog_timer(0, 0, 0, nil)
    }

    var screen: TextScreen { TextScreen(console: Interface(systemTable.members.console_out)) }

    func allocate(
        _ pages: PageCount, for use: MemoryUse, in reach: MemoryReach
    ) throws(BootError) -> PhysicalAddress {
        try services.allocate(
            pages, use == .code ? EFI_LOADER_CODE : EFI_LOADER_DATA, in: reach
        ).start
    }

    func allocate(_ pages: PageCount, at start: PhysicalAddress) throws(BootError) {
        var address = start.rawValue
        let status = services.members.allocate_pages(
            EFI_ALLOCATE_ADDRESS.rawValue, EFI_LOADER_CODE.rawValue, pages.rawValue, &address)
        try check(status, .kernel, "firmware uses its physical memory; status")
    }

    mutating func byteCount(of file: BootFile) throws(BootError) -> UInt64? {
        let byteCount = try findSource().byteCount(of: file)
        try digests.check(file, isThere: byteCount != nil)
        return byteCount
    }

    mutating func read(_ file: BootFile, into memory: PhysicalMemory) throws(BootError) {
        try findSource().read(file, into: memory)
        try digests.check(file, memory)
    }

    func logSecurity(_ log: Log<TextScreen>) {
        let isSecureBoot = isSecureBoot
        guard isSecureBoot || digests.areSet else { return }
        log.write(
            .info, "Secure Boot %d, signed files %d", isSecureBoot ? 1 : 0, UInt64(digests.count))
    }

    /// Whether the firmware starts signed programs only (UEFI 2.10, section 3.3).
    private var isSecureBoot: Bool {
        var guid = efi_global_variable_guid
        var value: UInt8 = 0
        var byteCount: UInt64 = 1
        let name: Text = "SecureBoot"
        let status = name.withUCS2 {
            systemTable.members.runtime_services.pointee.get_variable(
                $0, &guid, nil, &byteCount, &value)
        }
        return status == 0 && value == 1
    }

    private mutating func findSource() throws(BootError) -> BootSource {
        if let source { return source }
        let source = try BootSource(of: image, services)
        self.source = source
        return source
    }

    mutating func findFramebuffer(_ request: ScreenRequest) throws(BootError) -> Framebuffer? {
        try GraphicsOutput(services)?.framebuffer(for: request)
    }

    mutating func forEachScreenMode(_ body: (Framebuffer) -> Void) {
        GraphicsOutput(services)?.forEachMode(body)
    }

    mutating func readScreenDescription(into memory: PhysicalMemory) -> UInt64 {
        for guid in [efi_edid_active_guid, efi_edid_discovered_guid] {
            guard let found = services.firstInterface(guid, as: efi_edid.self)?.members,
                found.byte_count > 0, let bytes = found.bytes
            else { continue }
            let block = PhysicalMemory(
                PhysicalAddress(UInt64(UInt(bitPattern: bytes))),
                byteCount: min(UInt64(found.byte_count), memory.byteCount))
            memory.copy(from: block)
            return block.byteCount
        }
        return 0
    }

    func findEventLog() -> EventLog? { EventLog(services) }

    func findRSDP() -> PhysicalAddress? {
        configurationTable(efi_acpi_2_guid) ?? configurationTable(efi_acpi_1_guid)
    }

    mutating func findDeviceTree() -> PhysicalAddress? {
        configurationTable(efi_device_tree_guid)
    }

    private func configurationTable(_ guid: efi_guid) -> PhysicalAddress? {
        var guid = guid
        for index in 0..<Int(systemTable.members.configuration_table_count) {
            var entry = systemTable.members.configuration_tables[index]
            if efi_guids_are_equal(&entry.vendor, &guid) != 0 {
                return PhysicalAddress(UInt64(UInt(bitPattern: entry.table)))
            }
        }
        return nil
    }

    static var isUEFI: Bool { true }

    static func role(ofType type: UInt32) -> MemoryRole {
        switch efi_memory_type(type) {
        case EFI_CONVENTIONAL: .free
        case EFI_LOADER_CODE, EFI_LOADER_DATA, EFI_BOOT_SERVICES_CODE, EFI_BOOT_SERVICES_DATA:
            .bootServices
        case EFI_RUNTIME_SERVICES_CODE, EFI_RUNTIME_SERVICES_DATA: .runtimeServices
        case EFI_ACPI_RECLAIM: .acpiTables
        case EFI_ACPI_NON_VOLATILE: .acpiState
        case EFI_UNUSABLE: .defective
        default: .reserved
        }
    }

    func forEachRange(
        _ body: (Range<PhysicalAddress>, MemoryRole) -> Void
    ) throws(BootError) {
        var map = try FirmwareMemoryMap(services)
        try map.read()
        map.forEach { body($0.range, Self.role(ofType: $0.type)) }
    }

    func forEachFinalRange(_ body: (Range<PhysicalAddress>, MemoryRole) -> Void) {
        finalMap?.forEach { body($0.range, Self.role(ofType: $0.type)) }
    }

    func findSMBIOS() -> (short: PhysicalAddress?, long: PhysicalAddress?) {
        (configurationTable(efi_smbios_guid), configurationTable(efi_smbios_3_guid))
    }

    var systemTableAddress: PhysicalAddress? {
        PhysicalAddress(UInt64(UInt(bitPattern: systemTable.address)))
    }

    func findPowerManagement() -> PowerManagementTable? { nil }

    /// The map of the exit.
    private var finalMap: FirmwareMemoryMap?
    var firmwareMap: FirmwareMap? { finalMap?.contents }
    var drive: UInt8? { nil }
    var imageHandle: UInt64? { UInt64(UInt(bitPattern: image)) }

    func forEachSystemTable(
        _ body: (PhysicalMemory) throws(BootError) -> Void
    ) throws(BootError) {
        func pass(_ address: UnsafeRawPointer?, byteCount: UInt64) throws(BootError) {
            let start = PhysicalAddress(UInt64(UInt(bitPattern: address)))
            try body(PhysicalMemory(start, byteCount: byteCount))
        }
        let table = systemTable.members
        try pass(systemTable.address, byteCount: UInt64(table.header.header_size))
        try pass(
            table.runtime_services,
            byteCount: UInt64(table.runtime_services.pointee.header.header_size))
        try pass(
            table.configuration_tables,
            byteCount: table.configuration_table_count
                * UInt64(MemoryLayout<efi_configuration_table>.stride))
        guard let vendor = table.firmware_vendor else { return }
        var length = 0
        while vendor[length] != 0 { length += 1 }
        try pass(vendor, byteCount: 2 * UInt64(length + 1))
    }

    /// The clock's time, which is UTC if the firmware does not know the zone (UEFI 2.10, section
    /// 8.3).
    mutating func currentTime() -> Int64? {
        var time = efi_time()
        guard systemTable.members.runtime_services.pointee.get_time(&time, nil) == 0 else {
            return nil
        }
        let zone = time.time_zone == EFI_UNSPECIFIED_TIMEZONE ? 0 : Int64(time.time_zone)
        return CalendarTime(
            year: Int64(time.year), month: Int64(time.month), day: Int64(time.day),
            hour: Int64(time.hour), minute: Int64(time.minute), second: Int64(time.second)
        ).unixSeconds - 60 * zone
    }

    mutating func findMedium() -> BootMedium {
        let loadedImage = services.interface(
            of: image, efi_loaded_image_guid, as: efi_loaded_image.self)
        var medium = BootMedium(of: loadedImage?.members.device, services)
        if case .network(let folder) = source {
            medium.kind = 2
            medium.serverAddress = folder.serverAddress
        }
        return medium
    }

    mutating func forEachMemory(_ body: (Range<PhysicalAddress>) -> Void) throws(BootError) {
        var map = try FirmwareMemoryMap(services)
        try map.read()
        map.forEach { if $0.isRAM { body($0.range) } }
    }

    /// Exits with the current memory map; retries if it has changed (UEFI 2.10, section 7.4.6).
    mutating func exit(into regions: inout MemoryMap) throws(BootError) {
        Exceptions.screen = nil
        var map = try FirmwareMemoryMap(services)
        var status: UInt64 = 0
        for _ in 0..<4 {
            try map.read()
            status = services.members.exit_boot_services(image, map.key)
            if status == 0 {
                finalMap = map
                return try map.add(to: &regions)
            }
        }
        throw BootError(.firmware, "cannot exit the boot services; status", found: status)
    }
}
