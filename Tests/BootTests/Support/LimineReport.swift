import Testing

/// The report of Fixtures/kernels/limine.c, and what the protocol promises of it.
struct LimineReport: Sendable {
    /// A region of the memory map.
    struct Region {
        var start, end, type: UInt64
    }

    /// A range of the address space with one kind of mapping.
    struct Mapping {
        var start, physical, length, cache: UInt64
        var rights: Substring

        var end: UInt64 { start + length }
    }

    static let usable: UInt64 = 0
    static let reserved: UInt64 = 1
    static let bad: UInt64 = 4
    static let reclaimable: UInt64 = 5
    static let framebuffer: UInt64 = 7

    let lines: KernelLines
    let revision: Int

    var hhdm: UInt64 { value(after: "hhdm") ?? 0 }
    var regions: [Region] {
        lines.rows("memory").map { Region(start: $0[0], end: $0[0] + $0[1], type: $0[2]) }
    }
    var mappings: [Mapping] {
        lines.texts("mapping").map { text in
            let numbers = KernelLines.numbers(in: text)
            return Mapping(
                start: numbers[0], physical: numbers[1], length: numbers[2], cache: numbers[3],
                rights: text.split(separator: " ")[3])
        }
    }

    /// The first word of a response.
    func value(after request: String) -> UInt64? {
        lines.lines(after: request, named: ["value"]).first.flatMap {
            KernelLines.numbers(in: $0.values).first
        }
    }

    /// Checks registers and tables of a processor; `prefix` is that of its lines.
    func expectProcessor(_ prefix: String = "", argument: UInt64 = 0) {
        for name in ["rax", "rbx", "rcx", "rdx", "rsi", "rbp"] + (8...15).map({ "r\($0)" }) {
            lines.expect(prefix + name, 0)
        }
        lines.expect(prefix + "rdi", argument)
        lines.expect(prefix + "rsp", 8, mask: 15)
        lines.expect(prefix + "return address", 0)
        lines.expect(prefix + "cs", 0x28)
        for name in ["ds", "es", "fs", "gs", "ss"] { lines.expect(prefix + name, 0x30) }
        for name in ["fs base", "gs base"] { lines.expect(prefix + name, 0) }
        lines.expect(prefix + "pat", 0x0105_0007_0406, mask: 0xFFFF_FFFF_FFFF)
        #expect(
            lines.rows(prefix + "descriptor").prefix(7).map { $0[0] & ~Self.accessed } == [
                0, 0x0000_9A00_0000_FFFF, 0x0000_9200_0000_FFFF, 0x00CF_9A00_0000_FFFF,
                0x00CF_9200_0000_FFFF, 0x0020_9A00_0000_0000, 0x0000_9200_0000_0000,
            ], "\(lines.text)")
        let strict = revision >= 5
        let hasFiveLevels: UInt64 = (hhdm >> 47) == 0x1FFFF ? 0 : 1 << 12
        lines.expect(prefix + "cr0", 0x8001_0011, mask: strict ? .max : 0x8001_0011)
        lines.expect(
            prefix + "cr4", 0x20 | hasFiveLevels, mask: strict ? .max : 0x1020)
        lines.expect(prefix + "efer", 0xD00, mask: strict ? .max : 0xD00)
        lines.expect(prefix + "rflags", strict ? 2 : 0, mask: strict ? .max : 0x2_0600)
        if strict { expectNoTables(prefix) }
    }

    /// The bit that the processor sets in a segment's descriptor.
    private static let accessed: UInt64 = 1 << 40

    private func expectNoTables(_ prefix: String) {
        for name in ["idt base", "idt limit", "ldtr"] { lines.expect(prefix + name, 0) }
        // Base and limit of the task register are in its descriptor, if the GDT still has that.
        let task = Int(lines.number(prefix + "tr") ?? 0) / 8
        let descriptor = lines.rows(prefix + "descriptor").dropFirst(task).first?[0] ?? 0
        #expect(descriptor & ~(0xFF << 40) == 0, "\(lines.text)")
        lines.expect(prefix + "apic base", 1 << 11, mask: 1 << 11)
        lines.expect(prefix + "apic svr", 0x1FF)
        lines.expect(prefix + "apic tpr", 0)
        for name in ["timer", "thermal", "performance", "lint0", "lint1", "error"] {
            let entry = lines.number(prefix + "apic lvt \(name)") ?? 0
            let mode = name == "timer" || name == "error" ? 0 : entry >> 8 & 7
            let isMasked = entry & 1 << 16 != 0
            #expect(isMasked || ![0, 1, 4, 7].contains(mode), "\(name): \(lines.text)")
        }
        // The MADT of QEMU's machines names LINT1 for NMIs.
        #expect((lines.number(prefix + "apic lvt lint1") ?? 0) >> 8 & 7 == 4, "\(lines.text)")
    }

    /// Checks that no interrupt controller passes on interrupts.
    func expectMaskedInterrupts() {
        lines.expect("pic masks", 0xFFFF)
        let entries = lines.rows("ioapic").map { $0[0] }
        #expect(entries.count == 24)
        let masked: [UInt64] = revision >= 5 ? [0, 1, 4, 7] : [0, 1]
        for entry in entries where masked.contains(entry >> 8 & 7) {
            #expect(entry & 1 << 16 != 0, "\(lines.text)")
        }
    }
}
