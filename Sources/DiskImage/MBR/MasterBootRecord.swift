/// The first sector of a disk (UEFI 2.10 §5.2.1, table 5.1).
///
/// It takes the first 512 bytes; the rest of a longer sector is zero.
package struct MasterBootRecord: DiskStructure {
    /// Offset 0: the code that the firmware starts, up to 440 bytes; zeros follow.
    let bootCode: [UInt8]
    /// Offset 440: the number by which an operating system identifies the disk.
    package let diskSignature: UInt32
    // Offset 444: two bytes, unknown or zero.
    /// Offset 446: up to four partition entries; zeros follow.
    package let partitions: [MBRPartitionEntry]
    // Offset 510: the signature.

    /// The size of the boot code, in bytes; the disk signature follows.
    package static let bootCodeByteCount = 440
    static let partitionCount = 4
    static let entriesOffset = 446
    static let signatureOffset = 510
    /// The last two bytes, 55 AA.
    static let signature: UInt16 = 0xAA55

    /// The record before a GPT: one entry over the whole disk (UEFI 2.10 §5.2.3, table 5.4).
    ///
    /// On a disk of more than 2³² sectors the entry's length is 0xFFFFFFFF. The standard leaves
    /// boot code to BIOSes, and requires an inactive entry.
    static func protective(
        sectors: SectorCount, diskSignature: UInt32, bootCode: [UInt8] = notForBIOS,
        isActive: Bool = false
    ) -> Self {
        let last = LBA(sectors.value - 1)
        let lastCHS = CHSAddress(last)
        let wholeDisk = MBRPartitionEntry(
            isActive: isActive, firstCHS: CHSAddress(LBA(1)), kind: .protectiveGPT,
            lastCHS: lastCHS == CHSAddress(LBA(.max)) ? .beyond : lastCHS, start: 1,
            sectorCount: UInt32(clamping: last.value))
        return Self(bootCode: bootCode, diskSignature: diskSignature, partitions: [wholeDisk])
    }

    /// `int 0x18; hlt; jmp hlt`: returns to a BIOS, which tries the next disk.
    package static let notForBIOS: [UInt8] = [0xCD, 0x18, 0xF4, 0xEB, 0xFD]

    package static let byteCount = 512

    package func encode(into writer: inout ByteWriter) {
        let free = Self.bootCodeByteCount - bootCode.count
        precondition(free >= 0, "boot code beyond \(Self.bootCodeByteCount) bytes")
        precondition(partitions.count <= Self.partitionCount, "too many partitions")
        writer.append(bootCode)
        writer.appendZeros(free)
        writer.append(diskSignature)
        writer.append(UInt16(0))
        for partition in partitions { writer.append(partition) }
        writer.appendZeros((Self.partitionCount - partitions.count) * MBRPartitionEntry.byteCount)
        writer.append(Self.signature)
    }
}
