import CUEFI

extension EventLog {
    private static let largest: UInt64 = 16 << 20

    /// Finds the firmware's log, the newer format first; nil if it has none (TCG EFI Protocol
    /// Specification 00.13, section 6.5).
    init?(_ services: Interface<efi_boot_services>) {
        let tpm = services.firstInterface(efi_tcg2_guid, as: efi_tcg2.self)
        guard let tpm else { return nil }
        for format in (UInt32(1)...2).reversed() {
            var (first, last): (UInt64, UInt64) = (0, 0)
            var isTruncated: UInt8 = 0
            let status = tpm.members.get_event_log(
                tpm.address, format, &first, &last, &isTruncated)
            guard status == 0, first != 0 else { continue }
            self.format = UInt64(format)
            let start = PhysicalAddress(first)
            if last == 0 {  // no events
                contents = PhysicalMemory(start, byteCount: 0)
                return
            }
            let memory = PhysicalMemory(start, byteCount: Self.largest)
            let end = Self.end(ofEventAt: last &- first, isLong: format == 2, in: memory)
            guard let end else { return nil }
            contents = memory[0..<end]
            return
        }
        return nil
    }

    /// Where the last event ends; nil if that is too far away or the event is damaged (section 5).
    private static func end(
        ofEventAt start: UInt64, isLong: Bool, in log: PhysicalMemory
    ) -> UInt64? {
        // The first event is short in both formats.
        var offset = start &+ 28
        guard start < log.byteCount / 2 else { return nil }
        if isLong && start > 0 {
            let count = log.load(UInt32.self, at: start + 8)
            guard count <= 16 else { return nil }
            offset = start + 12
            for _ in 0..<count {
                let algorithm = log.load(UInt16.self, at: offset)
                guard let byteCount = digestByteCount(of: algorithm, in: log) else { return nil }
                offset += 2 + byteCount
            }
        }
        offset += 4 + UInt64(log.load(UInt32.self, at: offset))
        return offset <= log.byteCount ? offset : nil
    }

    /// The size of an algorithm's digests, which the first event states.
    private static func digestByteCount(of algorithm: UInt16, in log: PhysicalMemory) -> UInt64? {
        let list: UInt64 = 56
        for index in 0..<UInt64(min(log.load(UInt32.self, at: list), 16)) {
            let entry = log.load(UInt32.self, at: list + 4 + 4 * index)
            if entry & 0xFFFF == algorithm { return UInt64(entry >> 16) }
        }
        return nil
    }
}
