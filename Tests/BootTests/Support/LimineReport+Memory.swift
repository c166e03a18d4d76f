import Testing

extension LimineReport {
    /// Checks the memory map: order, pages, overlaps, and that the loader's data is in its memory.
    func expectMemoryMap() {
        let regions = regions
        #expect(!regions.isEmpty, "\(lines.text)")
        for (before, region) in zip(regions, regions.dropFirst()) {
            #expect(before.start <= region.start, "\(lines.text)")
            if [Self.usable, Self.reclaimable].contains(region.type) {
                #expect(before.end <= region.start, "\(lines.text)")
            }
        }
        for region in regions where [Self.usable, Self.reclaimable].contains(region.type) {
            #expect(region.start % 4096 == 0 && region.end % 4096 == 0, "\(lines.text)")
        }
        if revision <= 2 {
            #expect(!regions.contains { $0.type == Self.usable && $0.start < 0x1000 })
        }
        #expect(revision >= 4 || !regions.contains { $0.type == 8 }, "\(lines.text)")
        for name in Self.requests {
            for row in lines.rows(name) where row.count == 2 {
                expectReclaimable(row[1] - hhdm, name)
            }
        }
        // The stack is empty at entry: its top belongs to it.
        let isARM = lines.number("ttbr1") != nil
        expectReclaimable(
            (lines.number(isARM ? "sp" : "rsp") ?? 0) &- hhdm &- 1, "stack")
        expectReclaimable((lines.number(isARM ? "ttbr1" : "cr3") ?? 0) & ~0xFFF, "page tables")
        if !isARM { expectReclaimable((lines.number("gdt base") ?? 0) &- hhdm, "GDT") }
    }

    private static let requests = [
        "bootloader info", "command line", "firmware type", "hhdm", "framebuffer", "paging mode",
        "mp", "memory map", "executable file", "module", "rsdp", "smbios", "efi system table",
        "efi memory map", "date", "executable address", "performance", "tsc frequency", "flanterm",
        "entropy", "stack size", "entry point",
    ]

    private func expectReclaimable(_ address: UInt64, _ name: String) {
        #expect(
            regions.contains {
                $0.type == Self.reclaimable && ($0.start..<$0.end).contains(address)
            }, "\(name) is not in the loader's memory:\n\(lines.text)")
    }

    /// Checks that the address space has the image, the HHDM, and nothing else.
    func expectMappings() {
        let lower = mappings.filter { $0.start < 1 << 63 }
        let image = mappings.filter { $0.start >= 0xFFFF_FFFF_8000_0000 }
        let direct = mappings.filter { ($0.start >= 1 << 63) && $0.end <= image[0].start }
        #expect(lower.count + direct.count + image.count == mappings.count, "\(lines.text)")
        if revision == 0 {
            expect(lower, maps: mappedRegions(from: 0x1000), offset: 0)
        } else {
            #expect(lower.isEmpty, "\(lines.text)")
        }
        expect(direct, maps: mappedRegions(from: 0), offset: hhdm)
        expectImage(image)
        for screen in lines.rows("screen") {
            let mapping = direct.first { ($0.start..<$0.end).contains(screen[0]) }
            #expect(mapping?.cache == 5, "the framebuffer is write-combining:\n\(lines.text)")
        }
        let screens = regions.filter { $0.type == Self.framebuffer }
        for mapping in direct where mapping.cache != 0 {
            #expect(
                screens.contains { $0.start <= mapping.physical && mapping.physical < $0.end },
                "\(lines.text)")
        }
    }

    /// The regions that the HHDM maps, as whole pages, joined where they touch.
    private func mappedRegions(from start: UInt64) -> [Range<UInt64>] {
        let types: Set<UInt64> = revision >= 4 ? [0, 2, 3, 5, 6, 7, 8] : [0, 5, 6, 7]
        var ranges = regions.filter { region in
            switch revision {
            case 0: true
            case 1, 2: region.type != Self.reserved && region.type != Self.bad
            default: types.contains(region.type)
            }
        }.map { $0.start & ~4095..<($0.end + 4095) & ~4095 }
        if revision <= 2 { ranges.append(start..<1 << 32) }
        return ranges.map { max($0.lowerBound, start)..<$0.upperBound }.joined
    }

    private func expect(_ found: [Mapping], maps expected: [Range<UInt64>], offset: UInt64) {
        #expect(
            found.map { $0.start - offset..<$0.end - offset }.joined == expected, "\(lines.text)")
        for mapping in found {
            #expect(mapping.start - offset == mapping.physical, "\(lines.text)")
            #expect(mapping.rights == "rwx", "\(lines.text)")
        }
    }

    /// Checks that the image is in one piece of physical memory, with the rights of its segments.
    private func expectImage(_ image: [Mapping]) {
        let words = lines.lines(after: "executable address", named: ["value"]).compactMap {
            KernelLines.numbers(in: $0.values).first
        }
        #expect(words.count == 2 && image.first?.start == words[1], "\(lines.text)")
        for mapping in image {
            #expect(mapping.physical &- mapping.start == words[0] &- words[1], "\(lines.text)")
            #expect(mapping.cache == 0, "\(lines.text)")
        }
        let rights = image.map(\.rights)
        #expect(rights.contains("r-x") && rights.contains("r--") && rights.contains("rw-"))
        #expect(!rights.contains("rwx"), "\(lines.text)")
    }
}

extension [Range<UInt64>] {
    /// The same addresses in ascending ranges that do not touch.
    fileprivate var joined: Self {
        sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { ranges, range in
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] =
                    last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
            } else if !range.isEmpty {
                ranges.append(range)
            }
        }
    }
}
