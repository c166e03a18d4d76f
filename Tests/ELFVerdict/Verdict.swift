/// A second opinion on a kernel: which rules its file breaks.
///
/// Written from the specifications (gABI, the psABIs of x86-64 and AArch64, the boot contract) and
/// from the rules in ELFKit's documentation, as plain reading of bytes: it knows neither libelf nor
/// ELFKit. It names all rules that are broken and not the first one only, so no order of checks is
/// needed to agree. Numbers have 128 bits, so that no sum of two numbers of a file overflows.
public struct Verdict: Sendable {
    /// By ELFKit's names; none are broken in a kernel that can be loaded.
    public internal(set) var brokenRules: Set<String> = []
    /// How many segments have memory.
    public var segmentCount: Int { loads.count }
    /// How many relocations there are, packed ones counted singly.
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
        judgeLoads(headers)
        judgeEntry()
        judgeThreadLocalStorage(headers)
        judgeRELRO(headers)
        judgeDynamicSection(headers)
    }

    /// Notes the rule as broken unless the condition holds.
    mutating func require(_ condition: Bool, _ rule: String) {
        if !condition { brokenRules.insert(rule) }
    }
}

extension Verdict {
    /// gABI, "ELF Identification": whether there is a header that can be read.
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

    /// The program headers, as far as the header tells where they are.
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
