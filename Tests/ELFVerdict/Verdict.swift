/// A second implementation of the rules on kernels, to compare ELFKit with.
///
/// It follows the specifications (gABI, the psABIs of x86-64 and AArch64, the boot contract) and
/// the rules in ELFKit's documentation, and reads plain bytes without libelf and ELFKit. It returns
/// all broken rules, so agreement does not depend on the order of checks. Numbers have 128 bits, so
/// the sum of two numbers in a file never overflows.
public struct Verdict: Sendable {
    /// The codes of the broken rules, as in ELFKit; none if the kernel can be loaded.
    public internal(set) var brokenRules: Set<String> = []
    /// The number of segments that have memory.
    public var segmentCount: Int { loads.count }
    /// The number of relocations, unpacked.
    public internal(set) var relocationCount = 0

    let file: FileBytes
    var isPositionIndependent = false
    var isAArch64 = false
    /// The segments that have memory.
    var loads: [ProgramHeader] = []

    /// Judges a whole file.
    public init(on bytes: [UInt8]) {
        file = FileBytes(bytes: bytes)
        guard judgeIdentification() else { return }
        judgeHeader()
        judgeSections()
        let headers = programHeaders()
        judgeNotes(headers)
        judgeLoads(headers)
        judgeEntry()
        judgeThreadLocalStorage(headers)
        judgeRELRO(headers)
        judgeDynamicSection(headers)
    }

    /// Records the rule as broken unless the condition holds.
    mutating func require(_ condition: Bool, _ rule: String) {
        if !condition { brokenRules.insert(rule) }
    }
}

extension Verdict {
    /// gABI, "ELF Identification"; returns whether the header is complete.
    private mutating func judgeIdentification() -> Bool {
        if file.byteCount == 0 {
            brokenRules.insert("elf-empty")
            return false
        }
        require(Array(file.bytes.prefix(4)) == [0x7f, 0x45, 0x4c, 0x46], "elf-magic")
        require(file.byteCount >= 64, "elf-header-truncated")
        guard file.byteCount >= 64 else { return false }
        require(file.bytes[4] == 2, "elf-class")
        require(file.bytes[5] == 1, "elf-byte-order")
        require(file.bytes[6] == 1, "elf-version")
        return true
    }

    /// gABI, "ELF Header".
    private mutating func judgeHeader() {
        let type = file.header(16, 2)
        require(type == 2 || type == 3, "elf-type")
        isPositionIndependent = type == 3
        isAArch64 = file.header(18, 2) == 183
        require(isAArch64 || file.header(18, 2) == 62, "elf-machine")
        require(file.header(20, 4) == 1, "elf-version")
        require(file.header(52, 2) == 64, "elf-entry-size")
    }

    /// Returns the program headers; none if the header does not locate them.
    private mutating func programHeaders() -> [ProgramHeader] {
        let (offset, count) = (file.header(32, 8), file.header(56, 2))
        guard count != 0xffff else {
            brokenRules.insert("elf-program-header-count")
            return []
        }
        guard offset != 0, count != 0 else {
            brokenRules.insert("segment-none")
            return []
        }
        require(file.header(54, 2) == 56, "elf-entry-size")
        let isInside = offset + count * file.header(54, 2) <= file.byteCount
        require(isInside, "elf-table-outside-file")
        guard isInside, file.header(54, 2) == 56 else { return [] }
        return (0..<count).compactMap { ProgramHeader(at: offset + $0 * 56, in: file) }
    }
}
