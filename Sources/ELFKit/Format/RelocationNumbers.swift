/// The numbers and names of an architecture's relocation types.
struct RelocationNumbers {
    /// The common prefix of all names.
    let prefix: String
    /// The number of each type that the loader applies.
    let absolute: UInt32
    let globalData: UInt32
    let jumpSlot: UInt32
    let relative: UInt32
    /// The names without prefix, including types that the loader does not apply.
    let names: [UInt32: String]

    /// psABI x86-64, "Relocation Types".
    static let x86_64 = RelocationNumbers(
        prefix: "R_X86_64_", absolute: 1, globalData: 6, jumpSlot: 7, relative: 8,
        names: Dictionary(
            uniqueKeysWithValues: zip(
                0...,
                [
                    "NONE", "64", "PC32", "GOT32", "PLT32", "COPY", "GLOB_DAT", "JUMP_SLOT",
                    "RELATIVE", "GOTPCREL", "32", "32S", "16", "PC16", "8", "PC8", "DTPMOD64",
                    "DTPOFF64", "TPOFF64", "TLSGD", "TLSLD", "DTPOFF32", "GOTTPOFF", "TPOFF32",
                    "PC64", "GOTOFF64", "GOTPC32", "GOT64", "GOTPCREL64", "GOTPC64", "GOTPLT64",
                    "PLTOFF64", "SIZE32", "SIZE64", "GOTPC32_TLSDESC", "TLSDESC_CALL", "TLSDESC",
                    "IRELATIVE", "RELATIVE64",
                ])))

    /// ELF for the Arm 64-bit Architecture (AArch64), "Static Data relocations" and "Dynamic
    /// relocations".
    static let aarch64 = RelocationNumbers(
        prefix: "R_AARCH64_", absolute: 257, globalData: 1025, jumpSlot: 1026, relative: 1027,
        names: [
            0: "NONE", 257: "ABS64", 258: "ABS32", 259: "ABS16", 260: "PREL64", 261: "PREL32",
            262: "PREL16", 1024: "COPY", 1025: "GLOB_DAT", 1026: "JUMP_SLOT", 1027: "RELATIVE",
            1028: "TLS_DTPMOD64", 1029: "TLS_DTPREL64", 1030: "TLS_TPREL64", 1031: "TLSDESC",
            1032: "IRELATIVE",
        ])

    /// Returns the type of that number; `nil` if the loader does not apply it.
    func type(_ number: UInt32) -> RelocationType? {
        switch number {
        case 0: .nothing
        case absolute: .symbol
        case globalData: .globalData
        case jumpSlot: .jumpSlot
        case relative: .relative
        default: nil
        }
    }

    /// Returns the type's name with its number.
    func name(of number: UInt32) -> String {
        "\(names[number].map { prefix + $0 } ?? "unknown") (type \(number))"
    }

    /// The numbers of all types that the loader applies, in words.
    var applied: String {
        "types 0, \(absolute), \(globalData), \(jumpSlot) and \(relative)"
    }
}
