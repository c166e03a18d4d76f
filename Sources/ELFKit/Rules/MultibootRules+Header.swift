extension KernelProtocols {
    /// The broken rules of the selected Multiboot header.
    var multibootViolations: [MultibootViolation] {
        switch selected {
        case .multiboot2: multiboot2?.violations ?? []
        case .multiboot: multiboot?.violations ?? []
        case .bootloader, .limine, .arm64Image, .plain: []
        }
    }
}

extension MultibootHeader {
    /// The flags among bits 0 to 15 that the specification defines.
    private static let knownFlags: UInt32 = 0b111

    /// The broken rules of the header itself, of any severity.
    var violations: [MultibootViolation] {
        flags & 0xffff & ~Self.knownFlags == 0 ? [] : [.flags(flags, known: Self.knownFlags)]
    }
}

extension Multiboot2Header {
    /// The types of boot information in the specification.
    private static let informationTypes: ClosedRange<UInt32> = 0...21
    /// Those that the loader never has: VBE, network, 32-bit UEFI's table and image.
    private static let missingInformation: Set<UInt32> = [7, 11, 16, 19]

    /// The broken rules of the header itself, of any severity.
    var violations: [MultibootViolation] {
        var found: [MultibootViolation] = []
        if architecture != 0 { found.append(.architecture(architecture)) }
        if !isTerminated { found.append(.unterminated(byteCount: byteCount)) }
        for tag in tags {
            guard let kind = tag.kind else {
                if tag.isRequired { found.append(.unknownTag(tag.type)) }
                continue
            }
            if tag.byteCount < kind.byteCount {
                found.append(.tagSize(kind, found: tag.byteCount, allowed: kind.byteCount))
            }
            guard kind == .informationRequest, tag.isRequired else { continue }
            for type in tag.words {
                if !Self.informationTypes.contains(type) {
                    found.append(.unknownInformation(type))
                } else if Self.missingInformation.contains(type) {
                    found.append(.missingInformation(type))
                }
            }
        }
        if tags.contains(where: { $0.kind == .efi32Entry && $0.isRequired }) {
            found.append(.requiredEFI32Entry)
        }
        // 0 stands for any address.
        if let alignment = tag(.relocatable)?.word(2), alignment & (alignment &- 1) != 0 {
            found.append(.alignment(alignment))
        }
        return found
    }
}

extension Multiboot2Header.Kind {
    /// The size of a tag in bytes; of a list, without its numbers.
    fileprivate var byteCount: UInt32 {
        switch self {
        case .informationRequest, .moduleAlignment, .bootServices: 8
        case .entry, .console, .efi32Entry, .efi64Entry: 12
        case .framebuffer: 20
        case .addresses, .relocatable: 24
        }
    }
}

extension LoadSegment {
    /// The physical addresses that a kernel cannot have: the BIOS and the loader use the first
    /// 64 KiB, adapters and firmware what follows 640 KiB.
    private static let usedMemory: [Range<UInt64>] = [0..<0x1_0000, 0xa_0000..<0x10_0000]

    /// The used addresses that the segment overlaps; it is at physical addresses.
    func lowMemoryViolations(_ id: SegmentID?) -> [MultibootViolation] {
        Self.usedMemory.filter { $0.overlaps(memoryRange) }
            .map { .lowMemory(id, memoryRange, used: $0) }
    }
}

extension HeaderTables {
    /// The first section of relocations, whether or not it is in memory.
    var relocationSection: Int? {
        sectionHeaders.firstIndex { SectionHeader.relocations.contains($0.type) }
    }
}
