/// Identifies file systems by the magic numbers near their start.
enum FileSystemProbe {
    /// FAT is identified by its boot sector, ext by a number.
    private static let marks: [(name: String, offset: UInt64, text: String)] = [
        ("XFS", 0, "XFSB"),
        ("NTFS", 3, "NTFS    "),
        ("exFAT", 3, "EXFAT   "),
        ("squashfs", 0, "hsqs"),
        ("LUKS", 0, "LUKS"),
        ("LVM", 512, "LABELONE"),
        ("HFS+", 1024, "H+"),
        ("swap", 4086, "SWAPSPACE2"),
        ("ISO 9660", 32_769, "CD001"),
        ("btrfs", 65_600, "_BHRfS_M"),
    ]

    private static let superblock: UInt64 = 1024
    private static let extMagic: UInt16 = 0xEF53
    /// Features of ext3, and of ext4: extents and others that ext3 does not support.
    private static let journal: UInt32 = 0x4
    private static let ext4Features: UInt32 = 0x40 | 0x80 | 0x200

    /// Identifies the file system that starts there, in bytes from the disk's start.
    static func name(
        at start: UInt64, of source: some DiskSource
    ) throws(DiskReadError) -> String? {
        for mark in marks {
            let place = start.addingSaturating(mark.offset)
            let found = try source.region("", mark.text.utf8.count, at: place)
            if found.bytes.elementsEqual(mark.text.utf8) { return mark.name }
        }
        let block = try source.region("", 128, at: start.addingSaturating(superblock))
        guard block.number(at: 56) == extMagic else { return nil }
        if block.number(at: 96, UInt32.self) & ext4Features != 0 { return "ext4" }
        return block.number(at: 92, UInt32.self) & journal != 0 ? "ext3" : "ext2"
    }
}
