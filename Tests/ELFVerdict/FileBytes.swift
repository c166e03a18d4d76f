/// The bytes of a file as little-endian numbers.
struct FileBytes: Sendable {
    let bytes: [UInt8]

    var byteCount: Int128 { Int128(bytes.count) }

    /// Returns the number of that width, in bytes, at an offset; `nil` if it is not in the file.
    func number(_ offset: Int128, _ width: Int128) -> Int128? {
        guard offset >= 0, offset + width <= byteCount else { return nil }
        var number: Int128 = 0
        for byte in bytes[Int(offset)..<Int(offset + width)].reversed() {
            number = number * 256 + Int128(byte)
        }
        return number
    }

    /// Returns a field of the ELF header, which must be in the file.
    func header(_ offset: Int128, _ width: Int128) -> Int128 { number(offset, width) ?? 0 }
}

/// A program header (gABI, "Program Header").
struct ProgramHeader: Sendable {
    let type, flags, offset, address, physicalAddress, fileSize, memorySize, alignment: Int128

    init?(at place: Int128, in file: FileBytes) {
        guard let type = file.number(place, 4), let flags = file.number(place + 4, 4),
            let offset = file.number(place + 8, 8), let address = file.number(place + 16, 8),
            let physicalAddress = file.number(place + 24, 8),
            let fileSize = file.number(place + 32, 8),
            let memorySize = file.number(place + 40, 8),
            let alignment = file.number(place + 48, 8)
        else { return nil }
        (self.type, self.flags, self.offset, self.address) = (type, flags, offset, address)
        self.physicalAddress = physicalAddress
        (self.fileSize, self.memorySize) = (fileSize, memorySize)
        self.alignment = alignment
    }

    var memoryEnd: Int128 { address + memorySize }

    /// Whether the segment's memory contains these addresses.
    func hasMemory(at start: Int128, _ count: Int128) -> Bool {
        address <= start && start + count <= memoryEnd
    }

    /// Returns the file offset of the bytes at these addresses; `nil` unless the file has all.
    func place(of start: Int128, _ count: Int128) -> Int128? {
        guard address <= start, start + count <= address + fileSize else { return nil }
        return offset + (start - address)
    }
}

/// 2⁶⁴, the end of the address space.
let addressLimit: Int128 = 1 << 64
