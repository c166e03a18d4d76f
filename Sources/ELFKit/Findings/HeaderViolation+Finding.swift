extension HeaderViolation {
    var finding: Finding {
        switch self {
        case .empty:
            Finding(
                .elfEmpty, at: "ELF header", found: "0 bytes", allowed: "64 bytes or more",
                message: "the file is empty")
        case .notELF(let magic):
            Finding(
                .elfMagic, at: "ELF header", found: hex(magic), allowed: hex(FileHeader.magic),
                message: "not an ELF file: \(Self.describe(magic))")
        case .truncated(let count):
            header(
                .elfHeaderTruncated, "\(count) bytes", "64 bytes or more",
                "the file ends after \(count) of the header's 64 bytes")
        case .wordSize(let found):
            header(
                .elfClass, "\(found)", "2",
                "EI_CLASS is \(found)\(found == 1 ? " (32-bit)" : ""), must be 2 (64-bit)")
        case .byteOrder(let found):
            header(
                .elfByteOrder, "\(found)", "1",
                "EI_DATA is \(found)\(found == 2 ? " (big-endian)" : ""), "
                    + "must be 1 (little-endian)")
        case .version(let found):
            header(.elfVersion, "\(found)", "1", "the ELF version is \(found), must be 1")
        case .fileType(let found):
            header(
                .elfType, "\(found)", "2 or 3",
                "e_type is \(found)\(Self.typeNames[found] ?? ""), "
                    + "must be 2 (ET_EXEC) or 3 (ET_DYN)")
        case .machine(let found, let wordSize):
            header(
                .elfMachine, "\(found)", wordSize == .bits64 ? "62 or 183" : "3",
                "e_machine is \(found)\(Self.machineNames[found].map { " (\($0))" } ?? ""), "
                    + "must be "
                    + (wordSize == .bits64
                        ? "62 (x86-64) or 183 (AArch64)" : "3 (i386) in a 32-bit file"))
        case .entrySize(let field, let found, let allowed):
            Finding(
                .elfEntrySize, at: "ELF header", field: field.rawValue, "\(found)",
                "\(allowed)")
        case .extendedProgramHeaderCount:
            header(.elfProgramHeaderCount, "65535", "at most 65534")
        case .extendedSectionCount(let found):
            header(
                .elfSectionHeaderCount, "\(found)", "at most 65279",
                "section 0 gives a count of \(found) sections, must be at most 65279")
        case .tableOutsideFile(let table, let offset, let count, let fileCount):
            Finding(
                .elfTableOutsideFile, at: table.rawValue, field: table.field, pastEnd: count,
                from: offset, fileByteCount: fileCount)
        case .sectionNameIndex(let found, let count):
            header(.elfSectionNameIndex, "\(found)", "less than \(count)")
        case .sectionNamesTooLarge(let found, let limit):
            header(
                .elfSectionNamesSize, "\(found) bytes", "at most \(limit) bytes",
                "the section names have \(found) bytes, must have at most \(limit)")
        case .debugFile(let index):
            Finding(
                .elfDebugFile, at: "section \(index)", "8 (SHT_NOBITS)", "1 (SHT_PROGBITS)",
                "a file with debug information only: the kernel's code is not in it")
        case .undecodable(let message):
            Finding(
                .elfDecode, at: "ELF header", found: message,
                message: "ELF header: libelf cannot decode the file: \(message)")
        }
    }

    private func header(
        _ rule: ELFRule, _ found: String, _ allowed: String, _ problem: String? = nil
    ) -> Finding {
        Finding(rule, at: "ELF header", found, allowed, problem)
    }

    /// Describes a file that is not ELF by its first bytes.
    private static func describe(_ magic: [UInt8]) -> String {
        switch magic {
        case [0x21, 0x3c, 0x61, 0x72]: "it is a static library (ar archive)"
        case _ where magic.starts(with: [0x4d, 0x5a]): "it is a PE file"
        case _ where magic.starts(with: [0x23, 0x21]): "it is a script"
        case [0xcf, 0xfa, 0xed, 0xfe]: "it is a Mach-O file"
        default: "it starts with \(hex(magic)), must start with \(hex(FileHeader.magic))"
        }
    }

    /// Other values of `e_type` (gABI, "ELF Header").
    private static let typeNames: [UInt16: String] = [
        0: " (ET_NONE)", 1: " (ET_REL, an object file)", 4: " (ET_CORE, a core dump)",
    ]

    /// Values of `e_machine` (registry of machine numbers).
    private static let machineNames: [UInt16: String] = [
        0: "no machine", 3: "i386", 8: "MIPS", 20: "PowerPC", 21: "64-bit PowerPC", 22: "S/390",
        40: "32-bit ARM", 43: "SPARC", 50: "Itanium", 62: "x86-64", 183: "AArch64", 243: "RISC-V",
        247: "BPF", 258: "LoongArch",
    ]
}

extension HeaderViolation.Table {
    fileprivate var field: String {
        switch self {
        case .programHeaders: "e_phoff"
        case .sectionHeaders: "e_shoff"
        case .sectionNames: "sh_offset"
        }
    }
}
