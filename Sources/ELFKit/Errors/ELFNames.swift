/// What a file that is not ELF may be instead.
enum FileMagic {
    static let elf: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]

    static func verdict(on magic: [UInt8]) -> String {
        switch magic {
        case [0x21, 0x3c, 0x61, 0x72]: "is a static library (ar archive)"
        case _ where magic.starts(with: [0x4d, 0x5a]): "is a PE file"
        case _ where magic.starts(with: [0x23, 0x21]): "is a script"
        case [0xcf, 0xfa, 0xed, 0xfe]: "is a Mach-O file"
        default: "begins with \(byteList(magic)), not \(byteList(elf))"
        }
    }

    static func byteList(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}

/// `e_type` (gABI, "ELF Header").
enum FileTypeNumber {
    static let executable: UInt16 = 2
    static let positionIndependent: UInt16 = 3

    static func complaint(about type: UInt16) -> String {
        switch type {
        case 1: "is a relocatable object file (ET_REL)"
        case 4: "is a core dump (ET_CORE), not a kernel"
        default: "has ELF type \(type); only 2 (ET_EXEC) and 3 (ET_DYN) can be loaded"
        }
    }
}

/// `e_machine` of what cannot be loaded (gABI, "ELF Header", and the registry of machine numbers).
enum MachineNumber {
    private static let names: [UInt16: String] = [
        0: "no machine", 3: "i386", 8: "MIPS", 20: "PowerPC", 21: "64-bit PowerPC", 22: "S/390",
        40: "32-bit ARM", 43: "SPARC", 50: "Itanium", 243: "RISC-V", 247: "BPF", 258: "LoongArch",
    ]

    static func name(of machine: UInt16) -> String {
        names[machine] ?? "machine \(machine)"
    }
}
