import CUEFI

/// A firmware object: functions, which take the object's address first, and data.
struct Interface<Members> {
    typealias Address = UnsafeMutablePointer<Members>

    let address: Address

    init(_ address: Address) { self.address = address }

    /// Nil for a null pointer.
    init?(_ address: Address?) {
        guard let address else { return nil }
        self.address = address
    }

    var members: Members { address.pointee }
}

extension Interface<efi_boot_services> {
    /// Allocates contiguous pages.
    func allocate(
        _ pages: PageCount, _ type: efi_memory_type, in reach: MemoryReach = .everywhere
    ) throws(BootError) -> PhysicalMemory {
        var address = reach.rawValue
        let status = members.allocate_pages(
            EFI_ALLOCATE_MAX_ADDRESS.rawValue, type.rawValue, pages.rawValue, &address)
        try check(status, .memory, "firmware has no free run of pages; status")
        return PhysicalMemory(PhysicalAddress(address), pages)
    }

    /// The interface of a handle for a protocol; nil if it has none.
    func interface<T>(
        of handle: efi_handle?, _ protocolGUID: efi_guid, as type: T.Type
    ) -> Interface<T>? {
        guard let handle else { return nil }
        var guid = protocolGUID
        var interface: UnsafeMutableRawPointer?
        let status = members.handle_protocol(handle, &guid, &interface)
        return status == 0 ? Interface<T>(interface?.assumingMemoryBound(to: type)) : nil
    }

    /// The first interface of any handle for a protocol; nil if there is none.
    func firstInterface<T>(_ protocolGUID: efi_guid, as type: T.Type) -> Interface<T>? {
        var guid = protocolGUID
        var interface: UnsafeMutableRawPointer?
        let status = members.locate_protocol(&guid, nil, &interface)
        return status == 0 ? Interface<T>(interface?.assumingMemoryBound(to: type)) : nil
    }
}

extension Text {
    /// Calls `body` with the text, at most 31 characters, as a zero-terminated UCS-2 string.
    func withUCS2(_ body: (UnsafeMutablePointer<UInt16>) -> UInt64) -> UInt64 {
        var string = [32 of UInt16](repeating: 0)
        var index = 0
        while self[index] != 0 {
            string[index] = UInt16(self[index])
            index += 1
        }
        return withUnsafeMutableBytes(of: &string) {
            guard let start = $0.assumingMemoryBound(to: UInt16.self).baseAddress else { return 0 }
            return body(start)
        }
    }
}

/// The firmware's console (UEFI 2.10, section 12.4).
struct TextScreen: TextOutput {
    let console: Interface<efi_text_output>?

    func put(_ character: UInt8) {
        guard let console else { return }
        var string: (UInt16, UInt16) = (UInt16(character), 0)
        withUnsafeMutableBytes(of: &string) {
            let start = $0.assumingMemoryBound(to: UInt16.self).baseAddress
            _ = console.members.output_string(console.address, start)
        }
    }
}

/// Throws if a firmware status is an error.
func check(_ status: UInt64, _ subject: BootError.Subject, _ rule: Text) throws(BootError) {
    if status & UInt64(EFI_ERROR_BIT) != 0 { throw BootError(subject, rule, found: status) }
}
