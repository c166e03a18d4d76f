extension SegmentViolation {
    /// The broken rule.
    var rule: ELFRule {
        switch self {
        case .nothingToLoad: .segmentNone
        case .outsideFile: .segmentOutsideFile
        case .fileLargerThanMemory: .segmentFileSize
        case .addressOverflow: .segmentAddressOverflow
        case .notCanonical: .segmentCanonical
        case .alignment: .segmentAlignment
        case .alignmentTooLarge: .segmentAlignmentLimit
        case .misaligned: .segmentCongruence
        case .overlap: .segmentOverlap
        case .span: .segmentSpan
        case .entryNotExecutable: .entryExecutable
        case .entryPhysical: .entryPhysical
        case .entryInZeroes: .entryZeroes
        case .duplicate: .segmentDuplicate
        case .notLoaded: .segmentNotLoaded
        }
    }

    /// The violation as a finding.
    var finding: Finding {
        switch self {
        case .nothingToLoad:
            Finding(
                rule, at: "program headers", "0 PT_LOAD", "1 or more",
                "no PT_LOAD segment has memory, so there is nothing to load")
        case .overlap(let first, let second, let address):
            Finding(
                rule, at: "\(first) and \(second)", hex(address),
                "the end of the segment below or more", "overlap in memory at \(hex(address))")
        case .span(let count, let limit):
            Finding(
                rule, at: "PT_LOAD segments", hex(count), "at most \(hex(limit))",
                "span \(hex(count)) bytes of addresses, must span at most \(hex(limit)) in a "
                    + "position-independent kernel")
        case .entryNotExecutable(let entry):
            entryPoint(
                entry, "an address in a segment with PF_X", "is not in an executable segment")
        case .entryPhysical(let entry, let id, let address):
            entryPoint(
                entry, hex(address),
                "is a physical address of \(id), must be the virtual address \(hex(address))")
        case .entryInZeroes(let entry):
            entryPoint(
                entry, "within p_filesz of the segment",
                "is past the bytes that its segment has in the file")
        case .outsideFile(let id, _, _, _), .fileLargerThanMemory(let id, _, _),
            .addressOverflow(let id, _, _), .notCanonical(let id, _), .alignment(let id, _),
            .alignmentTooLarge(let id, _, _), .misaligned(let id, _, _, _), .duplicate(let id),
            .notLoaded(let id, _):
            segmentFinding(id)
        }
    }

    private func entryPoint(_ entry: UInt64, _ allowed: String, _ problem: String) -> Finding {
        Finding(
            rule, at: "ELF header", hex(entry), allowed, "the entry point \(hex(entry)) \(problem)")
    }

    /// The finding of a rule on one segment.
    private func segmentFinding(_ id: SegmentID) -> Finding {
        let (found, allowed, problem): (String, String, String?) =
            switch self {
            case .outsideFile(_, let offset, let count, let fileCount):
                (
                    "\(count) bytes at \(hex(offset))", "within \(fileCount) bytes",
                    "\(count) bytes at \(hex(offset)) extend past the end of the file "
                        + "(\(fileCount) bytes)"
                )
            case .fileLargerThanMemory(_, let file, let memory):
                (
                    "\(file)", "at most \(memory)",
                    "p_filesz is \(file), must be at most \(memory) (p_memsz)"
                )
            case .addressOverflow(_, let address, let count):
                (
                    "\(count) bytes at \(hex(address))", "an end below 2^64",
                    "\(count) bytes at address \(hex(address)) must end below 2^64"
                )
            case .notCanonical(_, let range):
                (hex(range), Self.canonical, "addresses \(hex(range)) must be \(Self.canonical)")
            case .alignment(_, let found): (hex(found), "0 or a power of two", nil)
            case .alignmentTooLarge(_, let found, let limit):
                (hex(found), "at most \(hex(limit))", nil)
            case .misaligned(_, let address, let offset, let alignment):
                (
                    "\(hex(address)) and \(hex(offset))",
                    "the same modulo p_align \(hex(alignment))",
                    "p_vaddr \(hex(address)) and p_offset \(hex(offset)) differ modulo p_align "
                        + hex(alignment)
                )
            case .notLoaded(_, let range):
                (
                    hex(range), "within a PT_LOAD",
                    "addresses \(hex(range)) are not within a PT_LOAD segment"
                )
            default: ("2", "1", "there must be only one \(id.type)")
            }
        return Finding(rule, at: "\(id)", found, allowed, problem)
    }

    private static let canonical =
        "below \(hex(AddressHalves.lowerEnd)) or at least \(hex(AddressHalves.upperStart))"
}
