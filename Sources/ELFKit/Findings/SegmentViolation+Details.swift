extension SegmentViolation {
    /// Where, what was found and what is allowed.
    var details: Finding.Details {
        let (found, allowed) = numbers
        return Finding.Details(place: place, field: rule.field, found: found, allowed: allowed)
    }

    private var place: String {
        switch self {
        case .nothingToLoad: "program headers"
        case .outsideFile(let id, _, _, _), .fileLargerThanMemory(let id, _, _),
            .addressOverflow(let id, _, _), .notCanonical(let id, _), .alignment(let id, _),
            .alignmentTooLarge(let id, _, _), .misaligned(let id, _, _, _), .duplicate(let id),
            .notLoaded(let id, _):
            "\(id)"
        case .overlap(let first, let second, _): "\(first) and \(second)"
        case .span: "PT_LOAD segments"
        case .entryNotExecutable, .entryPhysical, .entryInZeroes: "ELF header"
        }
    }

    private var numbers: (found: String, allowed: String) {
        switch self {
        case .nothingToLoad: ("0 PT_LOAD", "1 or more")
        case .outsideFile(_, let offset, let count, let fileCount):
            ("\(count) bytes at \(hex(offset))", "within \(fileCount) bytes")
        case .fileLargerThanMemory(_, let file, let memory): ("\(file)", "at most \(memory)")
        case .addressOverflow(_, let address, let count):
            ("\(count) bytes at \(hex(address))", "an end below 2^64")
        case .notCanonical(_, let range):
            (hex(range), AddressHalves.text)
        case .alignment(_, let found): (hex(found), "0 or a power of two")
        case .alignmentTooLarge(_, let found, let limit): (hex(found), "at most \(hex(limit))")
        case .misaligned(_, let address, let offset, let alignment):
            (
                "\(hex(address)) and \(hex(offset))",
                "the same modulo p_align \(hex(alignment))"
            )
        case .overlap(_, _, let address): (hex(address), "the end of the segment below or more")
        case .span(let count, let limit): (hex(count), "at most \(hex(limit))")
        case .entryNotExecutable(let entry): (hex(entry), "an address in a segment with PF_X")
        case .entryPhysical(let entry, _, let address): (hex(entry), hex(address))
        case .entryInZeroes(let entry): (hex(entry), "within p_filesz of the segment")
        case .duplicate: ("2", "1")
        case .notLoaded(_, let range): (hex(range), "within a PT_LOAD")
        }
    }
}
