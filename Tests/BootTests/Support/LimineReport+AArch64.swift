import Testing

extension LimineReport {
    /// Checks registers and tables of a processor; `prefix` is that of its lines.
    func expectARMProcessor(_ prefix: String = "", argument: UInt64 = 0, level: UInt64 = 1) {
        lines.expect(prefix + "x0", argument)
        for index in 1...30 { lines.expect(prefix + "x\(index)", 0) }
        lines.expect(prefix + "sp", 0, mask: 15)
        lines.expect(prefix + "nzcv", 0)
        lines.expect(prefix + "currentel", level << 2)
        lines.expect(prefix + "daif", 0xF << 6)
        // The protocol enters a kernel at EL1t or EL2t.
        lines.expect(prefix + "spsel", 0)
        // M, C, SA, SA0 and I, without A; all bits from revision 6 on.
        if revision >= 6 {
            lines.expect(prefix + "sctlr", 0x30D0_199D)
        } else {
            lines.expect(prefix + "sctlr", 0x101D, mask: 0x101F)
        }
        lines.expect(prefix + "mair", 0xFF, mask: 0xFF)
        // Two halves of 48 bits, a granule of 4 KiB, shared outside or inside of the cluster.
        lines.expect(
            prefix + "tcr", revision >= 6 ? 0xB510_3510 : 0xA510_2510, mask: 0xFFFF_FFFF)
        lines.expect(prefix + "ttbr1", lines.number("ttbr1") ?? 0)
        lines.expect(prefix + "cpacr", revision >= 6 ? 0 : 3 << 20)
        if level == 2 {
            // RW, TGE, SWIO, and E2H.
            lines.expect(prefix + "hcr", 0x4_8800_0002)
            lines.expect(prefix + "cptr", 0)
            lines.expect(prefix + "cnthctl", 3)
            lines.expect(prefix + "hstr", 0)
        }
    }
}
