@testable import DiskImage

extension Corruption {
    private static let firstHeader = MemoryImage.gptHeader

    /// The GUID partition table.
    static let gpt = [
        Corruption(.gptSignature, "no header") { $0.bytes[firstHeader] = 0 },
        Corruption(.gptSignature, "no backup header") { $0.bytes[$0.backupHeader] = 0 },
        Corruption(.gptSignature, "an image cut off by a MiB") { $0.bytes.removeLast(1 << 20) },
        Corruption(.gptRevision, "revision 2.0") { $0.setGPT(UInt32(0x2_0000), at: 8) },
        Corruption(.gptHeaderSize, "a header of 91 bytes") {
            $0.set(UInt32(91), at: firstHeader + 12)
        },
        Corruption(.gptHeaderSize, "a header of 513 bytes") {
            $0.set(UInt32(513), at: firstHeader + 12)
        },
        Corruption(.gptHeaderChecksum, "a header's checksum") { $0.bytes[firstHeader + 16] ^= 1 },
        Corruption(.gptHeaderChecksum, "the backup header's checksum") {
            $0.bytes[$0.backupHeader + 16] ^= 1
        },
        Corruption(.gptReserved, "a reserved field in use") { $0.setGPT(UInt32(1), at: 20) },
        Corruption(.gptOwnAddress, "a header that says it is elsewhere") {
            $0.set(UInt64(2), at: firstHeader + 24)
            $0.sealGPT()
        },
        Corruption(.gptOtherAddress, "a header that looks elsewhere for the other") {
            $0.set(UInt64(70), at: firstHeader + 32)
            $0.sealGPT()
        },
        Corruption(.gptUsable, "usable sectors up to the last") {
            $0.setGPT(UInt64($0.bytes.count / 512 - 1), at: 48)
        },
        Corruption(.gptUsable, "usable sectors that end before they begin") {
            $0.setGPT(UInt64(33), at: 48)
        },
        Corruption(.gptDiskGUID, "a disk GUID of zero") {
            $0.set([UInt8](repeating: 0, count: 16), at: firstHeader + 56)
            $0.set([UInt8](repeating: 0, count: 16), at: $0.backupHeader + 56)
            $0.sealGPT()
        },
        Corruption(.gptEntriesAddress, "entries in the header's own sector") {
            $0.set(UInt64(1), at: firstHeader + 72)
            $0.sealGPT()
        },
        Corruption(.gptEntriesAddress, "backup entries among the partitions") {
            $0.set(UInt64(4096), at: $0.backupHeader + 72)
            $0.sealGPT()
        },
        Corruption(.gptEntryCount, "no entries") { $0.setGPT(UInt32(0), at: 80) },
        Corruption(.gptEntrySize, "entries of 100 bytes") { $0.setGPT(UInt32(100), at: 84) },
        Corruption(.gptEntriesChecksum, "a letter of a partition's name") {
            $0.bytes[MemoryImage.gptEntries + 56] ^= 1
        },
        Corruption(.gptEntriesChecksum, "a letter of the name in the backup") {
            $0.bytes[$0.backupEntries + 56] ^= 1
        },
        Corruption(.gptCopiesDiffer, "another disk GUID in the backup") {
            $0.bytes[$0.backupHeader + 60] ^= 1
            $0.sealGPT()
        },
        Corruption(.gptCopiesDiffer, "another partition in the backup") {
            $0.bytes[$0.backupEntries + 40] ^= 8
            $0.sealGPT()
        },
        Corruption(.gptPartitionGUID, "a partition GUID of zero") {
            $0.setGPTEntry(0, [UInt8](repeating: 0, count: 16), at: 16)
        },
        Corruption(.gptPartitionGUID, "one GUID for two partitions") {
            $0.setGPTEntry(1, $0.bytes[MemoryImage.gptEntries..<MemoryImage.gptEntries + 48], at: 0)
        },
        Corruption(.gptPartitionRange, "a partition beyond the usable sectors") {
            $0.setGPTEntry(0, [0xFF, 0xFF, 0xFF, 0x7F], at: 40)
        },
        Corruption(.gptPartitionRange, "a partition on the table") {
            $0.setGPTEntry(0, [3, 0, 0, 0], at: 32)
        },
        Corruption(.gptPartitionRange, "a partition that ends before it begins") {
            $0.setGPTEntry(0, [0xFF, 7, 0, 0], at: 40)
        },
        Corruption(.gptPartitionOverlap, "two partitions in one place") {
            $0.setGPTEntry(1, $0.bytes[MemoryImage.gptEntries..<MemoryImage.gptEntries + 48], at: 0)
            $0.setGPTEntry(1, [1, 2, 3], at: 16)
        },
        Corruption(.gptPartitionAlignment, "a partition from sector 2049 on") {
            $0.setGPTEntry(0, [1, 8], at: 32)
        },
        Corruption(.gptPartitionAttributes, "a reserved attribute") {
            $0.setGPTEntry(0, [0, 4], at: 48)
        },
    ]

    /// The payload of a BIOS image.
    static let payload = [
        payloadFault(.payloadSignature, "another signature") { $0.bytes[header] = 0 },
        payloadFault(.payloadVersion, "version 1") { $0.bytes[header + 8] = 1 },
        payloadFault(.payloadCount, "16 items") { $0.bytes[header + 12] = 16 },
        payloadFault(.payloadReserved, "a reserved field in use") { $0.bytes[header + 20] = 1 },
        payloadFault(.payloadReserved, "an unused entry that is not zero") {
            $0.bytes[header + 200] = 1
        },
        payloadFault(.payloadReserved, "a reserved field of an entry in use") {
            $0.bytes[header + 32 + 24] = 1
        },
        payloadFault(.payloadKind, "an item of kind 9") { $0.bytes[header + 64] = 9 },
        payloadFault(.payloadKind, "two kernels") { $0.bytes[header + 64] = 1 },
        payloadFault(.payloadRange, "an item far beyond the end") {
            $0.set(UInt64(1) << 60, at: header + 32 + 8)
        },
        payloadFault(.payloadRange, "an item of 2⁶⁴ − 1 bytes") {
            $0.set(UInt64.max, at: header + 32 + 16)
        },
        payloadFault(.payloadRange, "an item on the header") {
            $0.set(UInt64(2048), at: header + 32 + 8)
        },
        payloadFault(.payloadOverlap, "an item on the other") {
            $0.set(UInt64(2056), at: header + 64 + 8)
        },
        payloadFault(.payloadKernel, "no kernel") { $0.bytes[header + 32] = 3 },
        Corruption(.payloadRange, "a kernel that is no file's", .hybrid) {
            $0.set(UInt64(8), at: $0.offset(of: "payload header") + 32 + 16)
            $0.sealPayload()
        },
        Corruption(.payloadChecksum, "a checksum", .bios) { $0.bytes[header + 16] ^= 1 },
    ]

    private static let header = MemoryImage.partition

    /// A fault with a right checksum.
    private static func payloadFault(
        _ rule: ImageRule, _ words: String, change: @escaping Change
    ) -> Corruption {
        Corruption(rule, words, .bios) {
            change(&$0)
            $0.sealPayload()
        }
    }
}
