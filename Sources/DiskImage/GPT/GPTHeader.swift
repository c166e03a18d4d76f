/// The header of a GUID partition table (UEFI 2.10 §5.3.2, table 5.5).
///
/// The rest of its sector is reserved and zero. Encoding computes the header's own
/// checksum (offset 16).
struct GPTHeader: DiskStructure {
    // Offset 0: signature; 8: revision; 12: header size; 16: checksum; 20: reserved.
    /// Offset 24: the sector of this header.
    let ownAddress: LBA
    /// Offset 32: the sector of the other header.
    let otherAddress: LBA
    /// Offset 40: the first sector that a partition may use.
    let firstUsable: LBA
    /// Offset 48: the last sector that a partition may use.
    let lastUsable: LBA
    /// Offset 56: the disk's identifier.
    let diskGUID: GUID
    /// Offset 72: the first sector of this copy's partition entries.
    let entriesAddress: LBA
    // Offset 80: the number of entries; 84: the size of each.
    /// Offset 88: the checksum of all entries.
    let entriesChecksum: UInt32

    /// `EFI PART`.
    static let signature: UInt64 = 0x5452_4150_2049_4645
    static let revision: UInt32 = 0x0001_0000

    static let byteCount = 92

    func encode(into writer: inout ByteWriter) {
        var bytes = ByteWriter.write(Self.byteCount) { writer in
            writer.append(Self.signature)
            writer.append(Self.revision)
            writer.append(UInt32(Self.byteCount))
            writer.appendZeros(8)
            writer.append(ownAddress.value)
            writer.append(otherAddress.value)
            writer.append(firstUsable.value)
            writer.append(lastUsable.value)
            writer.append(diskGUID)
            writer.append(entriesAddress.value)
            writer.append(UInt32(GPTPartitionEntry.countPerTable))
            writer.append(UInt32(GPTPartitionEntry.byteCount))
            writer.append(entriesChecksum)
        }
        bytes.put(CRC32.ieee.checksum(bytes), at: GPTHeaderFields.checksumField.lowerBound)
        writer.append(bytes)
    }
}
