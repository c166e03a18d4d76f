extension ImageViolation {
    var finding: Finding {
        switch self {
        case .bigEndian(let flags):
            Finding(
                .imageByteOrder, at: Self.header, hex(flags), "bit 0 clear",
                "flags is \(hex(flags)), of which bit 0 means big-endian")
        case .size(let found, let fileByteCount):
            Finding(
                .imageSize, at: Self.header, "\(found) bytes", "at least \(fileByteCount) bytes",
                "image_size is \(found) bytes, less than the file's \(fileByteCount)")
        case .entryOutside(let entry):
            Finding(
                .imageEntry, at: "ELF header", hex(entry), "an address in the loaded bytes",
                "the entry point \(hex(entry)) is not within the bytes of a segment")
        case .tooHigh(let id, let address, let byteCount):
            Finding(
                .imageMemory, at: id.map { "\($0)" } ?? Self.header,
                "\(byteCount) bytes at \(hex(address))", "below \(hex(Self.memoryEnd))",
                "\(byteCount) bytes at physical address \(hex(address)) must end within 52 bits")
        }
    }

    private static let header = "Image header"
}
