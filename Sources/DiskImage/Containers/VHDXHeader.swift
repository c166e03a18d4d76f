/// The headers of a VHDX (MS-VHDX §2.2.2).
enum VHDXHeader {
    private static let offsets: [UInt64] = [64 << 10, 128 << 10]
    private static let byteCount = 4096
    private static let checksum = 4..<8
    /// The header with the greater number is valid.
    private static let sequence = 8..<16
    private static let fileWrite = 16..<32
    private static let dataWrite = 32..<48
    private static let log = 48..<64
    private static let (logLength, logOffset) = (68, 72)
    private static let longestLog: UInt32 = 16 << 20

    /// Derives the identifiers of both headers and of the disk, makes the sequence numbers small,
    /// and fills the log with zeros, which is as good as empty.
    static func patches(
        of file: some DiskSource, identity: ImageIdentity
    ) throws(ContainerError) -> [ContainerPatch] {
        let headers = try offsets.map { offset throws(ContainerError) in
            try file.wholeStructure("VHDX header", byteCount, at: offset, marked: "head")
        }
        let numbers = headers.map { $0.number(at: sequence.lowerBound, UInt64.self) }
        let isFirstValid = numbers[0] > numbers[1]
        let disk = try VHDXMetadata.offsetOfDiskIdentifier(in: file)
        return [
            patch(headers[0], identity, number: isFirstValid ? 2 : 1),
            patch(headers[1], identity, number: isFirstValid ? 1 : 2),
            try emptyLog(of: headers[isFirstValid ? 0 : 1], in: file),
            ContainerPatch(offset: disk, bytes: identity.derive("virtual disk").guid.encoded()),
        ]
    }

    private static func emptyLog(
        of header: Region, in file: some DiskSource
    ) throws(ContainerError) -> ContainerPatch {
        let length: UInt32 = header.number(at: logLength)
        let offset: UInt64 = header.number(at: logOffset)
        guard header.isZero(log), length <= longestLog else {
            throw .unexpected(structure: "VHDX log", offset: offset, allowed: "empty")
        }
        let log = try file.wholeStructure("VHDX log", Int(length), at: offset)
        return ContainerPatch(offset: offset, bytes: log.bytes.map { _ in 0 })
    }

    private static func patch(
        _ header: Region, _ identity: ImageIdentity, number: UInt64
    ) -> ContainerPatch {
        var bytes = header.bytes
        bytes.put(number, at: sequence.lowerBound)
        bytes.replaceSubrange(fileWrite, with: identity.derive("file write").guid.encoded())
        bytes.replaceSubrange(dataWrite, with: identity.derive("data write").guid.encoded())
        bytes.put(UInt32(0), at: checksum.lowerBound)
        bytes.put(CRC32.castagnoli.checksum(bytes), at: checksum.lowerBound)
        return ContainerPatch(offset: header.offset, bytes: bytes)
    }
}

/// The items in a VHDX's metadata (MS-VHDX §2.2.3, §2.6).
enum VHDXMetadata {
    private static let regionTable: UInt64 = 192 << 10
    private static let tableByteCount = 64 << 10
    private static let metadataRegion = GUID(
        high: 0x8B7C_A206_4790_4B9A, low: 0xB8FE_575F_050F_886E)
    /// "Page 83 Data", returned by SCSI as the vital product data page of that number.
    private static let diskIdentifier = GUID(
        high: 0xBECA_12AB_B2E6_4523, low: 0x93EF_C309_E000_C746)

    private static let fileParameters = GUID(
        high: 0xCAA1_6737_FA36_4D43, low: 0xB3B6_33F0_AA44_E76B)
    /// In the second word of the file parameters.
    private static let parentFlag: UInt32 = 1 << 1

    static func offsetOfDiskIdentifier(in file: some DiskSource) throws(ContainerError) -> UInt64 {
        try item(diskIdentifier, GUID.byteCount, in: file).offset
    }

    /// Whether the disk is the difference to another one.
    static func hasParent(in file: some DiskSource) throws(ContainerError) -> Bool {
        try item(fileParameters, 8, in: file).number(at: 4, UInt32.self) & parentFlag != 0
    }

    private static func item(
        _ guid: GUID, _ byteCount: Int, in file: some DiskSource
    ) throws(ContainerError) -> Region {
        let regions = try file.wholeStructure(
            "VHDX region table", tableByteCount, at: regionTable, marked: "regi")
        let region = try entry(
            metadataRegion, of: regions.number(at: 8, UInt32.self), from: 16, in: regions)
        let start: UInt64 = regions.number(at: region + 16)
        let table = try file.wholeStructure(
            "VHDX metadata table", tableByteCount, at: start, marked: "metadata")
        let item = try entry(
            guid, of: UInt32(table.number(at: 10, UInt16.self)), from: 32, in: table)
        let offset = start.addingSaturating(UInt64(table.number(at: item + 16, UInt32.self)))
        return try file.wholeStructure("VHDX metadata item", byteCount, at: offset)
    }

    /// The offset of the entry with that GUID; each has 32 bytes, the GUID first.
    private static func entry(
        _ guid: GUID, of count: UInt32, from start: Int, in table: Region
    ) throws(ContainerError) -> Int {
        let room = UInt32((tableByteCount - start) / 32)
        let entry = (0..<Int(min(count, room))).map { start + 32 * $0 }
            .first { table.guid(at: $0) == guid }
        guard let entry else { throw table.unexpected(allowed: "complete") }
        return entry
    }
}
