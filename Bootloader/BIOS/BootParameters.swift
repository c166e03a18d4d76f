import CBIOS

/// What the image's writer has put into the boot sector, which is still in memory.
enum BootParameters {
    private static var start: UnsafeMutableRawPointer {
        UInt64(BOOT_SECTOR_ADDRESS + BOOT_PARAMETERS).pointer
    }

    /// How long the drive's sectors are: 512 bytes, on a CD 2,048.
    static var sectorSize: UInt64 { UInt64(start.loadUnaligned(as: UInt16.self)) }

    /// Where the payload's table of contents is, in sectors of 512 bytes.
    static var payloadHeader: UInt64 {
        start.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
    }
}
