extension MutantSeed {
    private static let flags: [Int] = [4, 4, 4]
    private static let tag = [2, 2, 4]

    /// Kernels of Limine, Multiboot and Multiboot2, with the fields of their structures as tables.
    static let protocols = [
        MutantSeed(
            "limine", tables: [ELFTable(offset: 0x280, count: 33, widths: [8])]
        ) { kernel in
            kernel.addLimine([
                Limine.start, Limine.base(3), Limine.request(),
                Limine.request(Limine.entryPoint, [0xffff_ffff_8010_0200]),
                Limine.request([1, 2], revision: 1), Limine.end,
            ])
        },
        MutantSeed(
            "limine-without-markers", tables: [ELFTable(offset: 0x288, count: 12, widths: [8])]
        ) { kernel in
            kernel.type = 3
            kernel.addLimine([Limine.request(), Limine.request([1, 2])], at: 0x288)
        },
        MutantSeed(
            "limine-and-configuration",
            tables: [ELFTable(offset: 0x280, count: 6, widths: [8])]
        ) { kernel in
            kernel.addConfiguration(fullConfiguration)
            kernel.addLimine([Limine.request()])
        },
        MutantSeed(
            "multiboot", tables: [ELFTable(offset: 0x280, count: 1, widths: flags)]
        ) { $0.addMultiboot(flags: 3) },
        MutantSeed(
            "multiboot-flat",
            tables: [ELFTable(offset: 0x280, count: 1, widths: flags + [4, 4, 4, 4, 4])]
        ) { $0.addFlatMultiboot() },
        MutantSeed(
            "multiboot2",
            tables: [
                ELFTable(offset: 0x280, count: 1, widths: [4] + flags),
                ELFTable(offset: 0x290, count: 1, widths: tag + [4, 4]),
                ELFTable(offset: 0x2a0, count: 1, widths: tag + [4, 4]),
                ELFTable(offset: 0x2b0, count: 1, widths: tag),
            ]
        ) { kernel in
            kernel.addMultiboot2([
                .init(type: 1, words: [4, 6]), .init(type: 4, flags: 1, words: [3]),
            ])
        },
        MutantSeed(
            "multiboot2-flat",
            tables: [
                ELFTable(offset: 0x290, count: 1, widths: tag + [4, 4, 4, 4]),
                ELFTable(offset: 0x2a8, count: 1, widths: tag + [4]),
            ]
        ) { kernel in
            kernel.addMultiboot2([
                .init(type: 2, words: [0x10_0280, 0x10_0000, 0, 0x10_1000]),
                .init(type: 3, words: [0x10_0200]),
            ])
        },
        MutantSeed(
            "linked-for-memory",
            tables: [ELFTable(offset: 64, count: 2, widths: [4, 4, 8, 8, 8, 8, 8, 8])]
        ) { $0.linkForMemory(at: 0x4020_0200) },
        MutantSeed(
            "both",
            tables: [
                ELFTable(offset: 0x204, count: 1, widths: flags),
                ELFTable(offset: 0x280, count: 1, widths: [4] + flags + tag),
            ]
        ) { kernel in
            kernel.addMultiboot(at: 0x204)
            kernel.addMultiboot2()
        },
    ]
}
