extension FlatViolation {
    var finding: Finding {
        switch self {
        case .architecture(let architecture, let wordSize):
            Finding(
                .flatArchitecture, at: "ELF header",
                wordSize == .bits32 ? "i386" : architecture.name, "AArch64")
        case .positionIndependent:
            Finding(
                .flatType, at: "ELF header", "3 (ET_DYN)", "2 (ET_EXEC)",
                "e_type is 3 (ET_DYN), must be 2 (ET_EXEC): a board's firmware applies no "
                    + "relocations")
        case .address(let id, let found, let allowed):
            Finding(
                .flatAddress, at: "\(id)", hex(found), hex(allowed),
                "the first bytes are at \(hex(found)), must be at \(hex(allowed)), where a "
                    + "board's firmware loads a kernel")
        case .imageAddress(let id, let found, let textOffset):
            Finding(
                .flatImageAddress, at: "\(id)", hex(found),
                "a multiple of \(hex(ImageHeader.unit)) plus \(hex(textOffset))",
                "the first bytes are at \(hex(found)), must be at a multiple of "
                    + "\(hex(ImageHeader.unit)) plus \(hex(textOffset)) (text_offset)")
        case .imageSize(let found, let needed):
            Finding(
                .flatImageSize, at: "Image header", "\(found)", "\(needed) or more",
                "image_size is \(found), must be \(needed) or more, with .bss")
        case .entry(let entry, let physical, let allowed):
            Finding(
                .flatEntry, at: "ELF header", hex(physical ?? entry), hex(allowed),
                "the entry point \(hex(entry))"
                    + (physical.map { $0 == entry ? "" : " (physical address \(hex($0)))" }
                        ?? " is in no segment, and")
                    + " must be the kernel's first byte, at \(hex(allowed))")
        case .gaps(let count, let limit):
            Finding(
                .flatGaps, at: "PT_LOAD segments", "\(count) bytes", "at most \(limit)",
                "the flat file would have \(count) bytes of zeroes between segments, must have "
                    + "at most \(limit)")
        case .memory(let id, let address, let count, let limit):
            Finding(
                .flatMemory, at: "\(id)", "\(hex(count)) bytes at \(hex(address))",
                "an end of at most \(hex(limit))",
                "\(hex(count)) bytes at \(hex(address)) must end at \(hex(limit)) or below")
        }
    }
}
