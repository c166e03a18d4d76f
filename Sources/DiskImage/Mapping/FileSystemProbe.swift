/// Identifies file systems by the magic numbers near their start.
enum FileSystemProbe {
    private struct Mark {
        let name: String
        let offset: UInt64
        let text: [UInt8]

        init(_ name: String, at offset: UInt64, _ text: String) {
            (self.name, self.offset, self.text) = (name, offset, Array(text.utf8))
        }
    }

    /// FAT is identified by its boot sector, ext by a number.
    private static let marks = [
        Mark("XFS", at: 0, "XFSB"),
        Mark("NTFS", at: 3, "NTFS    "),
        Mark("exFAT", at: 3, "EXFAT   "),
        Mark("squashfs", at: 0, "hsqs"),
        Mark("LUKS", at: 0, "LUKS"),
        Mark("LVM", at: 512, "LABELONE"),
        Mark("HFS+", at: 1024, "H+"),
        Mark("swap", at: 4086, "SWAPSPACE2"),
        Mark("ISO 9660", at: 32_769, "CD001"),
        Mark("btrfs", at: 65_600, "_BHRfS_M"),
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
            if try source.region("", mark.text.count, at: place).bytes == mark.text {
                return mark.name
            }
        }
        let block = try source.region("", 128, at: start.addingSaturating(superblock))
        guard block.number(at: 56) == extMagic else { return nil }
        if block.number(at: 96, UInt32.self) & ext4Features != 0 { return "ext4" }
        return block.number(at: 92, UInt32.self) & journal != 0 ? "ext3" : "ext2"
    }
}
