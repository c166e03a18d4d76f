@testable import DiskImage

extension Corruption {
    /// The image and its master boot record.
    static let disk = [
        Corruption(.imageSize, "100 bytes cut off") { $0.bytes.removeLast(100) },
        Corruption(.imageSize, "nothing left") { $0.bytes = [] },
        Corruption(.imageUnknown, "the first sector wiped", .bios) {
            $0.set(zeros(512), at: 0)
        },
        Corruption(.imageNotBootable, "no partition active, and no code", .bios) {
            $0.bytes[MemoryImage.mbrEntry] = 0
            $0.set(zeros(440), at: 0)
        },
        Corruption(.mbrNoActive, "no partition active", .bios) {
            $0.bytes[MemoryImage.mbrEntry] = 0
        },
        Corruption(.mbrFirstSector, "a partition from the boot sector on", .bios) {
            $0.set(entry(status: 0, type: 0x17, start: 0, count: 2048), at: 462)
        },
        Corruption(.mbrLogical, "an extended partition without a record", .bios) {
            $0.set(entry(status: 0, type: 0x05, start: 1, count: 1), at: 462)
        },
        Corruption(.mbrLogical, "a record that is its own successor", .bios) {
            $0.set(entry(status: 0, type: 0x05, start: 100, count: 9), at: 462)
            $0.set(entry(status: 0, type: 0x05, start: 0, count: 9), at: 100 * 512 + 462)
            $0.set([0x55, 0xAA], at: 100 * 512 + 510)
        },
        Corruption(.mbrLogical, "a next record beyond the partition", .bios) {
            $0.set(entry(status: 0, type: 0x05, start: 100, count: 9), at: 462)
            $0.set(entry(status: 0, type: 0x05, start: 9, count: 9), at: 100 * 512 + 462)
            $0.set([0x55, 0xAA], at: 100 * 512 + 510)
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

    /// The ISO 9660 volume and its boot catalogue.
    static let discs = [
        Corruption(.isoSize, "a volume longer than the image", .disc) {
            $0.set(UInt32.max, at: 16 * 2048 + 80)
        },
        Corruption(.elToritoCatalogue, "a catalogue past the end", .disc) {
            $0.set(UInt32.max, at: 17 * 2048 + 0x47)
        },
        Corruption(.elToritoCatalogue, "a byte of the validation entry", .disc) {
            $0.bytes[catalogue($0) + 4] ^= 1
        },
        Corruption(.elToritoCatalogue, "no key", .disc) { $0.bytes[catalogue($0) + 30] = 0 },
        Corruption(.elToritoEntry, "a boot image past the end", .disc) {
            $0.set(UInt32.max, at: catalogue($0) + 32 + 8)
        },
        Corruption(.elToritoEntry, "a boot image at sector 0", .disc) {
            $0.set(UInt32(0), at: catalogue($0) + 96 + 8)
        },
        Corruption(.elToritoLoadSize, "nothing for a BIOS to load", .disc) {
            $0.set(UInt16(0), at: catalogue($0) + 32 + 6)
        },
        Corruption(.elToritoLoadSize, "a volume cut short for UEFI", .disc) {
            $0.set(UInt16(4), at: catalogue($0) + 96 + 6)
        },
    ]

    private static func catalogue(_ image: MemoryImage) -> Int {
        Int(image.number(at: 17 * 2048 + 0x47, UInt32.self)) * 2048
    }

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
