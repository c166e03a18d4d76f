@testable import DiskImage

extension Corruption {
    /// The image and its master boot record.
    static let disk = [
        Corruption(.imageSize, "100 bytes cut off") { $0.bytes.removeLast(100) },
        Corruption(.imageSize, "nothing left") { $0.bytes = [] },
        Corruption(.imageUnknown, "the first sector wiped", .bios) {
            $0.set(zeros(512), at: 0)
        },
        Corruption(.imageNotBootable, "no partition active", .bios) {
            $0.bytes[MemoryImage.mbrEntry] = 0
        },
        Corruption(.imageIdentity, "a byte of the loader changed", .bios) {
            $0.bytes[5000] ^= 1
        },
        Corruption(.imageIdentity, "a byte of the kernel changed", .bios) {
            $0.bytes[$0.offset(of: "kernel") + 77_777] ^= 1
        },
        Corruption(.imageIdentity, "a byte of the kernel changed") {
            $0.bytes[$0.offset(of: "kernel-x86_64") + 77_777] ^= 1
        },
        Corruption(.imageIdentity, "a byte of the EFI loader changed") {
            $0.bytes[$0.loader + 20_000] ^= 1
        },
        Corruption(.imageIdentity, "another volume ID") { $0.bytes[$0.bootSector + 67] ^= 1 },
        Corruption(.imageIdentity, "another disk signature") { $0.bytes[440] ^= 1 },
        Corruption(.mbrSignature, "no 55 AA", .bios) { $0.bytes[510] = 0 },
        Corruption(.mbrSignature, "no 55 AA before a GPT") { $0.bytes[511] = 0 },
        Corruption(.mbrStatus, "a status of 0x81", .bios) {
            $0.bytes[MemoryImage.mbrEntry] = 0x81
        },
        Corruption(.mbrActive, "two active partitions", .bios) {
            $0.set(entry(status: 0x80, type: 0x83, start: 1, count: 7), at: 462)
        },
        Corruption(.mbrBootCode, "no boot code", .bios) { $0.set(zeros(440), at: 0) },
        Corruption(.mbrBootCode, "other boot code than the loader's", .hybrid) {
            $0.bytes[100] ^= 1
        },
        Corruption(.mbrBootParameters, "a payload header elsewhere", .hybrid) {
            $0.bytes[416] ^= 1
        },
        Corruption(.mbrBootParameters, "a second part elsewhere", .hybrid) {
            $0.bytes[432] ^= 1
        },
        Corruption(.mbrBootParameters, "a second part elsewhere in memory", .bios) {
            $0.bytes[428] ^= 1
        },
        Corruption(.imageIdentity, "a byte of the loader in its partition changed", .hybrid) {
            $0.bytes[$0.offset(of: "BIOS loader") + 5000] ^= 1
        },
        Corruption(.mbrDiskSignature, "a disk signature of zero", .bios) {
            $0.set(UInt32(0), at: 440)
        },
        Corruption(.mbrRange, "a partition beyond the end", .bios) {
            $0.set(UInt32.max, at: MemoryImage.mbrEntry + 12)
        },
        Corruption(.mbrRange, "a partition without a sector", .bios) {
            $0.set(UInt32(0), at: MemoryImage.mbrEntry + 12)
        },
        Corruption(.mbrOverlap, "two partitions in one place", .bios) {
            $0.set(entry(status: 0, type: 0x83, start: 2050, count: 1), at: 462)
        },
        Corruption(.mbrCHS, "cylinders that are elsewhere", .bios) {
            $0.bytes[MemoryImage.mbrEntry + 1] ^= 1
        },
        Corruption(.mbrType, "a Linux type for FAT", .bios) {
            let uefi = SoundImage.uefi
            $0.bytes[MemoryImage.mbrEntry + 4] = 0x83
            $0.set(
                uefi.bytes[uefi.bootSector..<uefi.bootSector + 512], at: MemoryImage.partition)
        },
        Corruption(.mbrProtective, "a protective entry of 5 sectors") {
            $0.set(UInt32(5), at: MemoryImage.mbrEntry + 12)
        },
        Corruption(.mbrProtective, "a protective entry from sector 2 on") {
            $0.set(UInt32(2), at: MemoryImage.mbrEntry + 8)
        },
        Corruption(.mbrProtectiveActive, "a protective entry that is active") {
            $0.bytes[MemoryImage.mbrEntry] = 0x80
        },
        Corruption(.mbrHybrid, "a FAT partition beside the protective entry") {
            $0.set(entry(status: 0, type: 0x0C, start: 2048, count: 2048), at: 462)
        },
    ]

    private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    private static func entry(
        status: UInt8, type: UInt8, start: UInt32, count: UInt32
    ) -> [UInt8] {
        let numbers = [start, count].flatMap { number in
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        return [status, 0, 0, 0, type, 0, 0, 0] + numbers
    }
}
