import CUEFI

/// UEFI firmware, by its boot services.
struct UEFI: Firmware {
    private let image: UnsafeMutableRawPointer
    private let systemTable: UnsafeMutablePointer<efi_system_table>
    private let services: UnsafeMutablePointer<efi_boot_services>
    private let digests = SignedDigests()
    /// Found when the first file is asked for.
    private var source: BootSource?

    init(
        image: UnsafeMutableRawPointer, systemTable: UnsafeMutablePointer<efi_system_table>
    ) {
        self.image = image
        self.systemTable = systemTable
        services = systemTable.pointee.boot_services
        // A kernel that takes its time must not be reset after five minutes.
        _ = services.pointee.set_watchdog_timer(0, 0, 0, nil)
    }

    var screen: TextScreen { TextScreen(systemTable.pointee.console_out) }

    func allocate(pages: UInt64, for use: MemoryUse) throws(BootError) -> UInt64 {
        var address: UInt64 = 0
        let type = use == .code ? EFI_LOADER_CODE : EFI_LOADER_DATA
        let status = services.pointee.allocate_pages(
            EFI_ALLOCATE_ANY_PAGES.rawValue, type.rawValue, pages, &address)
        try check(status, .memory, "firmware has no free run of pages; status")
        return address
    }

    mutating func byteCount(of file: BootFile) throws(BootError) -> UInt64? {
        let byteCount = try findSource().byteCount(of: file)
        try digests.check(file, isThere: byteCount != nil)
        return byteCount
    }

    mutating func read(
        _ file: BootFile, into buffer: UnsafeMutableRawBufferPointer
    ) throws(BootError) {
        try findSource().read(file, into: buffer)
        try digests.check(file, UnsafeRawBufferPointer(buffer))
    }

    func tellSecurity(_ log: Log<TextScreen>) {
        let isSecureBoot = isSecureBoot
        guard isSecureBoot || digests.areSet else { return }
        log.write(
            .info, "Secure Boot ", isSecureBoot ? 1 : 0, ", signed files ", UInt64(digests.count))
    }

    /// Whether the firmware starts only what is signed (UEFI 2.10, section 3.3).
    private var isSecureBoot: Bool {
        var guid = efi_global_variable_guid
        var value: UInt8 = 0
        var byteCount: UInt64 = 1
        let name: StaticString = "SecureBoot"
        let status = name.withUTF16 {
            systemTable.pointee.runtime_services.pointee.get_variable(
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

    mutating func findFramebuffer(
        _ request: ScreenRequest
    ) throws(BootError) -> boot_framebuffer? {
        try GraphicsOutput(services)?.framebuffer(for: request)
    }

    mutating func findRSDP() -> UInt64? {
        configurationTable(efi_acpi_2_guid) ?? configurationTable(efi_acpi_1_guid)
    }

    mutating func findDeviceTree() -> UInt64? { configurationTable(efi_device_tree_guid) }

    private func configurationTable(_ guid: efi_guid) -> UInt64? {
        let tables = UnsafeBufferPointer(
            start: systemTable.pointee.configuration_tables,
            count: Int(systemTable.pointee.configuration_table_count))
        for entry in tables where entry.vendor == guid {
            return UInt64(UInt(bitPattern: entry.table))
        }
        return nil
    }

    mutating func forEachMemory(_ body: (Range<UInt64>) -> Void) throws(BootError) {
        var map = try FirmwareMemoryMap(services)
        try map.read()
        map.forEach { if $0.isRAM { body($0.physical_start..<$0.end) } }
    }

    /// Reads the memory map and leaves; a map that went stale meanwhile is read again (UEFI 2.10,
    /// section 7.4.6).
    mutating func exit(into regions: inout MemoryMap) throws(BootError) {
        try Architecture.checkPaging()
        Exceptions.screen = nil
        var map = try FirmwareMemoryMap(services)
        var status: UInt64 = 0
        for _ in 0..<4 {
            try map.read()
            status = services.pointee.exit_boot_services(image, map.key)
            if status == 0 { return try map.add(to: &regions) }
        }
        throw BootError(.firmware, "does not exit its boot services; status", found: status)
    }
}

/// Turns a firmware status into an error.
func check(
    _ status: UInt64, _ subject: BootError.Subject, _ rule: StaticString
) throws(BootError) {
    if status & UInt64(EFI_ERROR_BIT) != 0 { throw BootError(subject, rule, found: status) }
}

extension StaticString {
    /// Calls `body` with a name of ASCII characters as firmware has it, 31 at most.
    func withUTF16(_ body: (UnsafeMutablePointer<UInt16>) -> UInt64) -> UInt64 {
        var name = [32 of UInt16](repeating: 0)
        withUTF8Buffer { for index in $0.indices { name[index] = UInt16($0[index]) } }
        return withUnsafeMutableBytes(of: &name) {
            guard let start = $0.assumingMemoryBound(to: UInt16.self).baseAddress else { return 0 }
            return body(start)
        }
    }
}

extension efi_guid {
    fileprivate static func == (left: efi_guid, right: efi_guid) -> Bool {
        withUnsafeBytes(of: left) { left in
            withUnsafeBytes(of: right) { right in
                for index in left.indices where left[index] != right[index] { return false }
                return true
            }
        }
    }
}
