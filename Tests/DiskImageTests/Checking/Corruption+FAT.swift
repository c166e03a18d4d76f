@testable import DiskImage

extension Corruption {
    /// The boot sector, its backup and FSInfo.
    static let volume = [
        bootFault(.fatSignature, "no 55 AA") { $0[510] = 0 },
        bootFault(.fatJump, "no jump") { $0[0] = 0x90 },
        bootFault(.fatSectorSize, "sectors of 1,024 bytes") { $0[12] = 4 },
        bootFault(.fatSectorSize, "sectors of 500 bytes") { ($0[11], $0[12]) = (0xF4, 1) },
        bootFault(.fatSectorSize, "sectors of no byte") { $0[12] = 0 },
        bootFault(.fatClusterSize, "clusters of 3 sectors") { $0[13] = 3 },
        bootFault(.fatClusterSize, "clusters of no sector") { $0[13] = 0 },
        bootFault(.fatReserved, "no reserved sector") { ($0[14], $0[15]) = (0, 0) },
        bootFault(.fatCopies, "no FAT") { $0[16] = 0 },
        bootFault(.fatCopies, "three FATs") { $0[16] = 3 },
        bootFault(.fatRootEntries, "512 root entries in FAT32") { $0[18] = 2 },
        bootFault(.fatVolumeSize, "a volume longer than its partition") { $0[34] = 9 },
        bootFault(.fatVolumeSize, "a volume without clusters") {
            ($0[32], $0[33], $0[34]) = (100, 0, 0)
        },
        bootFault(.fatMedium, "a medium of 0xF1") { $0[21] = 0xF1 },
        bootFault(.fatHidden, "0 hidden sectors") { $0[29] = 0 },
        bootFault(.fatHidden, "1 hidden sector") { ($0[28], $0[29]) = (1, 0) },
        bootFault(.fatTableSize, "a FAT of one sector") { ($0[36], $0[37]) = (1, 0) },
        bootFault(.fatType, "FAT32 with clusters of 32 sectors") { $0[13] = 32 },
        bootFault(.fatTypeName, "a name of FAT16") { $0[85] = UInt8(ascii: "1") },
        bootFault(.fatVersion, "version 1") { $0[43] = 1 },
        bootFault(.fatLabel, "another label") { $0[71] = UInt8(ascii: "X") },
        Corruption(.fatHiddenZero, "0 hidden sectors in another tool's image") {
            $0.set(UInt32(0), at: $0.bootSector + 28)
            $0.setGPTEntry(0, [0x41], at: 23)
        },
        Corruption(.fatBackup, "a backup that differs") {
            $0.bytes[$0.bootSector + 6 * 512 + 3] ^= 1
        },
        Corruption(.fatBackupDiffers, "other code in the first of another tool's") {
            $0.bytes[$0.bootSector + 6 * 512 + 100] ^= 1
            $0.setGPTEntry(0, [0x41], at: 23)
        },
        Corruption(.fatBackup, "a backup in the FAT") { $0.bytes[$0.bootSector + 51] = 0x7F },
        Corruption(.fatInfoSignature, "no FSInfo") { $0.bytes[$0.info] = 0 },
        Corruption(.fatInfoSignature, "no second signature") { $0.bytes[$0.info + 484] = 0 },
        Corruption(.fatInfoSignature, "no third signature") { $0.bytes[$0.info + 511] = 0 },
        Corruption(.fatFreeCount, "one free cluster too many") {
            $0.set($0.number(at: $0.info + 488, UInt32.self) + 1, at: $0.info + 488)
        },
        Corruption(.fatNextFree, "a next free cluster beyond the end") {
            $0.set(UInt32(0x0100_0000), at: $0.info + 492)
        },
    ]

    /// A change of the boot sector and its backup.
    private static func bootFault(
        _ rule: ImageRule, _ words: String,
        change: @escaping @Sendable (inout [UInt8]) -> Void
    ) -> Corruption {
        Corruption(rule, words) { image in
            var sector = Array(image.bytes[image.bootSector..<image.bootSector + 512])
            change(&sector)
            image.set(sector, at: image.bootSector)
            image.set(sector, at: image.bootSector + 6 * 512)
        }
    }

    private static let kernel = "KERNEL~1   "

    /// The FATs.
    static let tables = [
        Corruption(.fatCopiesDiffer, "an entry of the second FAT") {
            $0.bytes[$0.offset(of: "FAT 2") + 40] ^= 1
        },
        Corruption(.fatFirstEntries, "another medium in entry 0") { $0.setFAT(0, to: 0x0FFF_FFF0) },
        Corruption(.fatFirstEntries, "entry 1 free") { $0.setFAT(1, to: 0) },
        Corruption(.fatDirty, "a volume in use") { $0.setFAT(1, to: 0x07FF_FFFF) },
        Corruption(.fatDirty, "a medium with errors") { $0.setFAT(1, to: 0x0BFF_FFFF) },
        Corruption(.fatChain, "a chain into a free cluster") {
            $0.setFAT($0.cluster(of: $0.entry(kernel)) + 5, to: 0)
        },
        Corruption(.fatChain, "a chain beyond the end") {
            $0.setFAT($0.cluster(of: $0.entry(kernel)) + 5, to: 0x00FF_FFFF)
        },
        Corruption(.fatChain, "a bad cluster in a chain") {
            $0.setFAT($0.cluster(of: $0.entry(kernel)) + 5, to: 0x0FFF_FFF7)
        },
        Corruption(.fatChain, "a file from cluster 1 on") {
            $0.set(UInt16(1), at: $0.entry(kernel) + 26)
        },
        Corruption(.fatCrossLink, "a chain that is a ring") {
            let first = $0.cluster(of: $0.entry(kernel))
            $0.setFAT(first + 5, to: UInt32(first))
        },
        Corruption(.fatCrossLink, "two files in one place") {
            let other = $0.entry("BOOTX64 EFI", in: "folder /EFI/BOOT")
            $0.set($0.number(at: other + 26, UInt16.self), at: $0.entry(kernel) + 26)
        },
        Corruption(.fatChainLength, "a chain that ends too soon") {
            $0.setFAT($0.cluster(of: $0.entry(kernel)) + 5, to: 0x0FFF_FFFF)
        },
        Corruption(.fatChainLength, "a file longer than its chain") {
            $0.set(UInt32(200_000), at: $0.entry(kernel) + 28)
        },
        Corruption(.fatChainLength, "an empty file with a cluster") {
            $0.set(UInt32(0), at: $0.entry(kernel) + 28)
        },
        Corruption(.fatLost, "a cluster that belongs to nothing") {
            $0.setFAT(60_000, to: 0x0FFF_FFFF)
        },
        Corruption(.fatLost, "a file deleted, its chain left") {
            $0.bytes[$0.entry(kernel)] = 0xE5
        },
    ]

    /// The folders.
    static let folders = [
        Corruption(.fatName, "a small letter in a short name") {
            $0.bytes[$0.entry("EFI        ")] = UInt8(ascii: "e")
        },
        Corruption(.fatName, "a name that begins with a space") {
            $0.bytes[$0.entry("EFI        ")] = UInt8(ascii: " ")
        },
        Corruption(.fatNameTwice, "two entries of one name") {
            $0.set("EFI        ".utf8, at: $0.entry("DOCS       "))
        },
        Corruption(.fatLongName, "a long name's checksum") {
            $0.bytes[$0.entry(kernel) - 32 + 13] ^= 1
        },
        Corruption(.fatLongName, "a long name's order") { $0.bytes[$0.entry(kernel) - 32] = 0x42 },
        Corruption(.fatLongName, "a long name alone") { $0.bytes[$0.entry(kernel)] = 0xE5 },
        Corruption(.fatLongName, "an empty long name") {
            $0.set(UInt16(0), at: $0.entry(kernel) - 32 + 1)
        },
        Corruption(.fatDots, "a folder that is not itself") {
            $0.bytes[$0.offset(of: "folder /EFI/BOOT") + 26] ^= 1
        },
        Corruption(.fatDots, "a folder in another than its own") {
            $0.bytes[$0.offset(of: "folder /EFI/BOOT") + 32 + 26] ^= 1
        },
        Corruption(.fatDots, "a folder without dots") {
            $0.bytes[$0.offset(of: "folder /EFI/BOOT")] = UInt8(ascii: "X")
        },
        Corruption(.fatFolderSize, "a folder with a length") {
            $0.bytes[$0.entry("EFI        ") + 28] = 1
        },
        Corruption(.fatDate, "the 31st of no month") {
            $0.set(UInt16(31), at: $0.entry(kernel) + 24)
        },
    ]

    /// The files that firmware and loader need.
    static let files = [
        Corruption(.espLoader, "a loader with another name") {
            $0.bytes[$0.entry("BOOTX64 EFI", in: "folder /EFI/BOOT") + 6] = UInt8(ascii: "5")
        },
        Corruption(.espKernel, "a kernel with another name") {
            $0.bytes[$0.entry(kernel) - 32 + 1] = UInt8(ascii: "q")
        },
        Corruption(.peSignature, "no MZ") { $0.bytes[$0.loader] = 0 },
        Corruption(.peSignature, "no PE") { $0.bytes[$0.peHeader] = 0 },
        Corruption(.peSignature, "an empty loader") {
            let entry = $0.entry("BOOTX64 EFI", in: "folder /EFI/BOOT")
            $0.set(UInt16(0), at: entry + 26)
            $0.set(UInt32(0), at: entry + 28)
        },
        Corruption(.peSignature, "a header beyond the end") {
            $0.set(UInt32.max, at: $0.loader + 0x3C)
        },
        Corruption(.peMachine, "a loader for AArch64") {
            $0.set(UInt16(0xAA64), at: $0.peHeader + 4)
        },
        Corruption(.peSubsystem, "a loader for Windows") { $0.bytes[$0.peHeader + 24 + 68] = 3 },
        Corruption(.peSections, "a section behind the end of the file") {
            let table = $0.peHeader + 24 + Int($0.number(at: $0.peHeader + 20, UInt16.self))
            $0.set(UInt32(0x00FF_FFFF), at: table + 20)
        },
        Corruption(.peEntry, "an entry point in the headers") {
            $0.set(UInt32(16), at: $0.peHeader + 40)
        },
    ]
}
