/// One partition in a GUID partition table (UEFI 2.10 §5.3.3, table 5.6).
package struct GPTPartitionEntry: DiskStructure {
    /// Offset 0: the partition's type; all zeros in an unused entry.
    package let type: GUID
    /// Offset 16: the partition's own identifier.
    package let guid: GUID
    /// Offset 32: the first sector.
    package let first: LBA
    /// Offset 40: the last sector, inclusive.
    package let last: LBA
    // Offset 48: attribute bits (table 5.8), none.
    /// Offset 56: the name, at most 36 UTF-16 units.
    package let label: String

    /// The type of an EFI system partition (table 5.7).
    package static let efiSystem = GUID(high: 0xC12A_7328_F81F_11D2, low: 0xBA4B_00A0_C93E_C93B)
    /// The type of a partition that holds a BIOS loader and no file system.
    static let biosBoot = GUID(high: 0x2168_6148_6449_6E6F, low: 0x744E_6565_6445_4649)

    static let basicData = GUID(high: 0xEBD0_A0A2_B9E5_4433, low: 0x87C0_68B6_B726_99C7)

    /// The common types, by their text.
    static let typeNames: [String: String] = [
        "C12A7328-F81F-11D2-BA4B-00A0C93EC93B": "EFI system",
        "21686148-6449-6E6F-744E-656564454649": "BIOS boot",
        "024DEE41-33E7-11D3-9D69-0008C781F39F": "MBR partition scheme",
        "E3C9E316-0B5C-4DB8-817D-F92DF00215AE": "Microsoft reserved",
        "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7": "basic data",
        "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC": "Windows recovery",
        "0FC63DAF-8483-4772-8E79-3D69D8477DE4": "Linux data",
        "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F": "Linux swap",
        "A19D880F-05FC-4D3B-A006-743F0F84911E": "Linux RAID",
        "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709": "Linux root (x86-64)",
        "B921B045-1DF0-41C3-AF44-4C6F280D3FAE": "Linux root (ARM-64)",
        "933AC7E1-2EB4-4F13-B844-0E14E2AEF915": "Linux home",
        "3B8F8425-20E0-4F3B-907F-1A25A76F98E8": "Linux server data",
        "E6D6D379-F507-44C2-A23C-238F2A3DF928": "Linux LVM",
        "8DA63339-0007-60C0-C436-083AC8230908": "Linux reserved",
        "BC13C2FF-59E6-4262-A352-B275FD6F7172": "Linux extended boot",
        "48465300-0000-11AA-AA11-00306543ECAC": "Apple HFS/HFS+",
        "7C3457EF-0000-11AA-AA11-00306543ECAC": "Apple APFS",
        "FE3A2A5D-4F32-41A7-B725-ACCC3285A309": "ChromeOS kernel",
        "516E7CB6-6ECF-11D6-8FF8-00022D09712B": "FreeBSD UFS",
    ]

    static let countPerTable = 128
    package static let byteCount = 128

    static let labelUnits = 36

    /// A partition of at least one sector.
    init(type: GUID, guid: GUID, sectors: SectorRange, label: String) {
        precondition(label.utf16.count <= Self.labelUnits, "label beyond \(Self.labelUnits) units")
        self.type = type
        self.guid = guid
        first = sectors.start
        last = sectors.last
        self.label = label
    }

    package func encode(into writer: inout ByteWriter) {
        writer.append(type)
        writer.append(guid)
        writer.append(first.value)
        writer.append(last.value)
        writer.append(UInt64(0))
        for unit in label.utf16 { writer.append(unit) }
        writer.appendZeros(2 * (Self.labelUnits - label.utf16.count))
    }
}
