import CLimine
import CMachine

/// The firmware's kind and tables, and what the processor provides.
extension LimineBoot {
    private static var entropyLimit: UInt64 { 4096 }

    mutating func answerWithEntropy(_ count: UInt64) {
        let count = min(count, Self.entropyLimit)
        let values = responses.end
        for _ in 0..<count { responses.add(random_number()) }
        answer(LIMINE_ENTROPY, count, values.rawValue)
    }

    /// Answers with the firmware's kind, its tables and the processor's clock.
    mutating func answerAboutFirmware() {
        let (bios, uefi64): (UInt64, UInt64) = (0, 2)
        answer(LIMINE_FIRMWARE_TYPE, Platform.isUEFI ? uefi64 : bios)
        let revision = layout.revision
        if let rsdp = memory.platform.findRSDP() {
            answer(LIMINE_RSDP, revision == 3 ? rsdp.rawValue : pointer(rsdp))
        }
        let isPhysical = revision == 3 || revision == 4
        let tables = memory.platform.findSMBIOS()
        if tables.short != nil || tables.long != nil {
            func place(_ address: PhysicalAddress?) -> UInt64 {
                guard let address else { return 0 }
                return isPhysical ? address.rawValue : pointer(address)
            }
            answer(LIMINE_SMBIOS, place(tables.short), place(tables.long))
        }
        if let table = memory.platform.systemTableAddress {
            answer(LIMINE_EFI_SYSTEM_TABLE, isPhysical ? table.rawValue : pointer(table))
        }
        if requests.contains(LIMINE_TSC_FREQUENCY) || requests.contains(LIMINE_PERFORMANCE) {
            frequency = Clock.frequency()
        }
        if let frequency { answer(LIMINE_TSC_FREQUENCY, frequency) }
    }

    /// Answers with a copy of the TPM's event log.
    mutating func answerWithEventLog() throws(BootError) {
        guard requests.contains(LIMINE_TPM_EVENT_LOG), let log = memory.platform.findEventLog()
        else { return }
        let byteCount = log.contents.byteCount
        let copy = try memory.allocate(byteCount: byteCount)
        copy.copy(from: log.contents)
        answer(
            LIMINE_TPM_EVENT_LOG, log.format, byteCount, byteCount > 0 ? pointer(copy.start) : 0)
    }

    /// Answers with a copy of the device tree that does not list memory.
    mutating func answerWithDeviceTree() throws(BootError) {
        guard LimineMachine.hasDeviceTree, requests.contains(LIMINE_DEVICE_TREE),
            let original = memory.platform.findDeviceTree().flatMap({ DeviceTree(at: $0) })?.memory
        else { return }
        let copy = try memory.allocate(byteCount: original.byteCount)
        copy.copy(from: original)
        DeviceTree(at: copy.start)?.removeMemory()
        answer(LIMINE_DEVICE_TREE, pointer(copy.start))
    }
}
