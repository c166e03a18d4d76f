/// The two halves of the address space that the loader's page tables can map.
///
/// Four levels of tables for pages of 4 KiB have 47 bits of address in each half on x86-64 (Intel
/// SDM volume 1, 3.3.7.1); on AArch64 the loader sets TTBR0_EL1 and TTBR1_EL1 to as many (T0SZ and
/// T1SZ are 17).
enum AddressHalves {
    /// Where the lower half ends.
    static let lowerEnd: UInt64 = 0x0000_8000_0000_0000
    /// Where the upper half begins, which reaches up to 2⁶⁴.
    static let upperStart: UInt64 = 0xffff_8000_0000_0000

    /// Such as "below 0x800000000000 or from 0xffff800000000000 on".
    static var text: String { "below \(hex(lowerEnd)) or from \(hex(upperStart)) on" }

    /// Whether one half holds the whole range, which is not empty.
    static func hold(_ range: Range<UInt64>) -> Bool {
        range.upperBound <= lowerEnd || range.lowerBound >= upperStart
    }
}
