import Testing

/// The report of Fixtures/kernels/multiboot.c or multiboot2.c, and what the protocol promises.
struct MultibootReport: Sendable {
    let lines: KernelLines
    let isFirstVersion: Bool

    /// Checks registers at a 32-bit entry.
    func expectEntry() {
        lines.expect("eax", isFirstVersion ? 0x2BAD_B002 : 0x36D7_6289)
        lines.expect("ebx", 0, mask: isFirstVersion ? 3 : 7)
        lines.expect("cr0", 1, mask: 0x8000_0001)
        lines.expect("cr4", 0, mask: 0x20)
        lines.expect("efer", 0, mask: 0x500)
        lines.expect("eflags", 0, mask: 0x2_0600)
        lines.expect("a20", 1)
    }

    /// Checks what both protocols give every kernel.
    func expectInformation(on firmware: Firmware) {
        let memory = lines.rows("memory")
        #expect(memory.contains { $0[0] == 0x10_0000 && $0[2] == 1 }, "\(lines.text)")
        for (before, entry) in zip(memory, memory.dropFirst()) {
            #expect(before[0] + before[1] <= entry[0], "\(lines.text)")
        }
        let basic = lines.rows("basic memory").first ?? []
        #expect(basic.count == 2 && (1...640).contains(basic[0]), "\(lines.text)")
        #expect(basic.last == memory.first { $0[0] == 0x10_0000 }.map { $0[1] >> 10 })
        #expect(!(lines.texts("loader").first ?? "").isEmpty, "\(lines.text)")
        if isFirstVersion {
            lines.expect("flags", 0x41, mask: 0x41)
            #expect(memory.allSatisfy { $0[3] == 20 }, "\(lines.text)")
        } else {
            expectTags(on: firmware)
        }
    }

    private func expectTags(on firmware: Firmware) {
        lines.expect("information reserved", 0)
        #expect(lines.number("information size") == lines.number("information end"))
        #expect(lines.rows("memory map") == [[24, 0]], "\(lines.text)")
        let rsdps = lines.rows("rsdp")
        #expect(!rsdps.isEmpty && rsdps.allSatisfy { $0[0] == 0x2052_5450_2044_5352 && $0[2] == 0 })
        let tags = Set(lines.rows("tag").map { $0[0] })
        #expect(tags.isSuperset(of: [1, 2, 4, 6, 8]), "\(lines.text)")
        #expect(tags.isDisjoint(with: [18, 20]), "\(lines.text)")
        for tag in [12, 17] as [UInt64] {
            #expect(tags.contains(tag) == (firmware == .uefi), "tag \(tag):\n\(lines.text)")
        }
    }

    /// Checks that the kernel's sections have addresses, the symbols included.
    func expectSections() {
        #expect(lines.texts("section").contains { $0.hasSuffix(" .multiboot") }, "\(lines.text)")
        #expect(
            lines.texts("section").contains {
                $0.hasSuffix(".symtab") && KernelLines.numbers(in: $0)[1] != 0
            }, "\(lines.text)")
    }
}
