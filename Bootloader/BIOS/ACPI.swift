/// Finds ACPI's root pointer where a BIOS leaves it (ACPI 6.5, section 5.2.5.1).
enum ACPI {
    private static let signature: UInt64 = 0x2052_5450_2044_5352  // "RSD PTR "

    /// Looks through the first KiB of the extended BIOS data area, then the BIOS's ROM.
    static func findRSDP() -> UInt64? {
        let dataArea = UInt64(UInt64(0x40E).pointer.loadUnaligned(as: UInt16.self)) << 4
        if dataArea >= 0x80000, let found = find(in: dataArea..<dataArea + 1024) { return found }
        return find(in: 0xE0000..<0x100000)
    }

    private static func find(in range: Range<UInt64>) -> UInt64? {
        for address in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
            let candidate = address.pointer
            guard candidate.load(as: UInt64.self) == signature else { continue }
            var sum: UInt8 = 0
            for offset in 0..<20 { sum &+= candidate.load(fromByteOffset: offset, as: UInt8.self) }
            if sum == 0 { return address }
        }
        return nil
    }
}
