/// Writes a small ELF64 file byte by byte, without libelf and ELFKit.
///
/// `ELFBuilder()` is a valid kernel; a test changes some of its properties.
///
///     0x000  ELF header, program headers
///     0x200  code   segment 0, at address 0x100200
///     0x280  data   segment 1, at address 0x101280, 0x180 bytes and 0x100 zeroes
///     0x400  end, unless there are sections
struct ELFBuilder {
    struct Segment {
        var type: UInt32 = 1
        var flags: UInt32 = 6
        var offset: UInt64
        var address: UInt64
        /// `p_paddr`, if it differs from `address`.
        var physicalAddress: UInt64?
        var fileByteCount: UInt64
        var memoryByteCount: UInt64
        var alignment: UInt64 = 0x1000
    }

    struct Section {
        var name: UInt32 = 0
        var type: UInt32 = 1
        var flags: UInt64 = 0
        var offset: UInt64 = 0
        var byteCount: UInt64 = 0
        var link: UInt32 = 0
        var info: UInt32 = 0
        var alignment: UInt64 = 0
    }

    var identification: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    var type: UInt16 = 2
    var machine: UInt16 = 62
    var version: UInt32 = 1
    var entry: UInt64 = 0x100200
    var programHeaderOffset: UInt64 = 64
    var sectionHeaderOffset: UInt64 = 0
    var headerByteCount: UInt16 = 64
    var programHeaderByteCount: UInt16 = 56
    /// `e_phnum`, if it differs from the number of segments.
    var programHeaderCount: UInt16?
    var sectionHeaderByteCount: UInt16 = 64
    /// `e_shnum`, if it differs from the number of sections.
    var sectionHeaderCount: UInt16?
    var sectionNameIndex: UInt16 = 0
    var segments = [
        Segment(
            flags: 5, offset: 0x200, address: 0x100200, fileByteCount: 0x80, memoryByteCount: 0x80),
        Segment(
            offset: 0x280, address: 0x101280, fileByteCount: 0x180, memoryByteCount: 0x280),
    ]
    var sections: [Section] = []
    /// Bytes at file offsets, written last.
    var contents: [(offset: Int, bytes: [UInt8])] = []
    var fileByteCount = 0x400

    func bytes() -> [UInt8] {
        var file = header()
        file.append(contentsOf: [UInt8](repeating: 0, count: max(fileByteCount, 64) - file.count))
        if programHeaderOffset != 0 {
            file.replace(at: programHeaderOffset, with: segments.flatMap(encode))
        }
        if sectionHeaderOffset != 0 {
            file.replace(at: sectionHeaderOffset, with: sections.flatMap(encode))
        }
        for (offset, bytes) in contents { file.replace(at: UInt64(offset), with: bytes) }
        return Array(file.prefix(fileByteCount))
    }

    private func header() -> [UInt8] {
        var bytes = identification
        bytes += number(type) + number(machine) + number(version) + number(entry)
        bytes += number(programHeaderOffset) + number(sectionHeaderOffset) + number(UInt32(0))
        bytes += number(headerByteCount) + number(programHeaderByteCount)
        bytes += number(programHeaderCount ?? UInt16(segments.count))
        bytes += number(sectionHeaderByteCount)
        bytes += number(sectionHeaderCount ?? UInt16(sections.count)) + number(sectionNameIndex)
        return bytes
    }

    private func encode(_ segment: Segment) -> [UInt8] {
        number(segment.type) + number(segment.flags) + number(segment.offset)
            + number(segment.address) + number(segment.physicalAddress ?? segment.address)
            + number(segment.fileByteCount) + number(segment.memoryByteCount)
            + number(segment.alignment)
    }

    private func encode(_ section: Section) -> [UInt8] {
        number(section.name) + number(section.type) + number(section.flags) + number(UInt64(0))
            + number(section.offset) + number(section.byteCount) + number(section.link)
            + number(section.info) + number(section.alignment) + number(UInt64(0))
    }
}

/// The number in little-endian order.
func number(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

extension [UInt8] {
    /// Overwrites bytes; drops what would be outside.
    mutating func replace(at offset: UInt64, with bytes: [UInt8]) {
        for (index, byte) in bytes.enumerated() {
            guard let place = Int(exactly: offset), place < count - index else { return }
            self[place + index] = byte
        }
    }
}
