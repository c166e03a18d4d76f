extension SegmentViolation {
    var finding: Finding {
        switch self {
        case .nothingToLoad:
            Finding(
                .segmentNone, at: "program headers", "0 PT_LOAD", "1 or more",
                "no PT_LOAD segment has memory, so there is nothing to load")
        case .overlap(let first, let second, let address):
            Finding(
                .segmentOverlap, at: "\(first) and \(second)", hex(address),
                "the end of the segment below or more", "overlap in memory at \(hex(address))")
        case .span(let count, let limit):
            Finding(
                .segmentSpan, at: "PT_LOAD segments", hex(count), "at most \(hex(limit))",
                "span \(hex(count)) bytes of addresses, must span at most \(hex(limit)) in a "
                    + "position-independent kernel")
        case .tooMany(let count, let limit):
            Finding(
                .segmentCount, at: "program headers", "\(count) PT_LOAD", "at most \(limit)",
                "\(count) PT_LOAD segments have memory, must be at most \(limit)")
        case .tooMuchMemory(let count, let limit):
            Finding(
                .segmentMemory, at: "PT_LOAD segments", hex(count), "at most \(hex(limit))",
                "need \(hex(count)) bytes of memory, must need at most \(hex(limit))")
        case .entryNotExecutable(let entry):
            entryPoint(
                .entryExecutable, entry, "an address in a segment with PF_X",
                "is not in an executable segment")
        case .entryPhysical(let entry, let id, let address):
            entryPoint(
                .entryPhysical, entry, hex(address),
                "is a physical address of \(id), must be the virtual address \(hex(address))")
        case .linuxProgram(let offset):
            Finding(
                .linuxProgram, at: "note at \(hex(offset))", "GNU, NT_GNU_ABI_TAG, 0 (Linux)",
                "none", "a Linux program, not a kernel")
        case .entryInZeroes(let entry):
            entryPoint(
                .entryZeroes, entry, "within p_filesz of the segment",
                "is past the bytes that its segment has in the file")
        case .outsideFile(let id, let offset, let count, let fileCount):
            Finding(
                .segmentOutsideFile, at: "\(id)", pastEnd: count, from: offset,
                fileByteCount: fileCount)
        case .fileLargerThanMemory(let id, let file, let memory):
            Finding(
                .segmentFileSize, at: "\(id)", "\(file)", "at most \(memory)",
                "p_filesz is \(file), must be at most \(memory) (p_memsz)")
        case .addressOverflow(let id, let address, let count):
            Finding(
                .segmentAddressOverflow, at: "\(id)", "\(count) bytes at \(hex(address))",
                "an end below 2^64", "\(count) bytes at address \(hex(address)) must end below 2^64"
            )
        case .notCanonical(let id, let range, let architecture):
            Finding(
                .segmentCanonical, at: "\(id)", hex(range), architecture.canonicalAddresses,
                "addresses \(hex(range)) must be \(architecture.canonicalAddresses)")
        case .alignment(let id, let found):
            Finding(.segmentAlignment, at: "\(id)", hex(found), "0 or a power of two")
        case .alignmentTooLarge(let id, let found, let limit):
            Finding(.segmentAlignmentLimit, at: "\(id)", hex(found), "at most \(hex(limit))")
        case .misaligned(let id, let address, let offset, let alignment):
            Finding(
                .segmentCongruence, at: "\(id)", "\(hex(address)) and \(hex(offset))",
                "the same modulo p_align \(hex(alignment))",
                "p_vaddr \(hex(address)) and p_offset \(hex(offset)) differ modulo p_align "
                    + hex(alignment))
        case .duplicate(let id):
            Finding(
                .segmentDuplicate, at: "\(id)", "2", "1", "there must be only one \(id.type)")
        case .notLoaded(let id, let range):
            Finding(
                .segmentNotLoaded, at: "\(id)", hex(range), "within a PT_LOAD",
                "addresses \(hex(range)) are not within a PT_LOAD segment")
        }
    }

    private func entryPoint(
        _ rule: ELFRule, _ entry: UInt64, _ allowed: String, _ problem: String
    ) -> Finding {
        Finding(
            rule, at: "ELF header", hex(entry), allowed, "the entry point \(hex(entry)) \(problem)")
    }
}

extension Architecture {
    fileprivate var canonicalAddresses: String {
        let halves = AddressHalves(on: self)
        return "below \(hex(halves.lowerEnd)) or at least \(hex(halves.upperStart))"
    }
}
