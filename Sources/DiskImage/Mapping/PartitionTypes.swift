/// What types of partitions are for, those that people meet.
enum PartitionTypes {
    /// By the type byte in an MBR.
    static let mbr: [UInt8: String] = [
        0x01: "FAT12", 0x04: "FAT16", 0x05: "extended", 0x06: "FAT16", 0x07: "NTFS or exFAT",
        0x0B: "FAT32", 0x0C: "FAT32", 0x0E: "FAT16", 0x0F: "extended", 0x17: "hidden NTFS",
        0x82: "Linux swap", 0x83: "Linux", 0x85: "Linux extended", 0x8E: "Linux LVM",
        0xA5: "FreeBSD", 0xA6: "OpenBSD", 0xA9: "NetBSD", 0xCD: "ISO 9660", 0xDA: "data",
        0xEE: "GPT protective", 0xEF: "EFI system", 0xFD: "Linux RAID",
    ]

    /// By the type GUID in a GPT, as its text.
    static let gpt: [String: String] = [
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
}
