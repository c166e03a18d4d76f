extension ELFRule {
    /// What the table of rules says about one.
    struct Text {
        let statement: String
        let field: String
        let remedy: String

        init(_ statement: String, _ field: String, _ remedy: String) {
            (self.statement, self.field, self.remedy) = (statement, field, remedy)
        }
    }

    /// A test sees to it that each rule has its text.
    var text: Text { Self.texts[self] ?? Text(rawValue, "", "") }

    static let texts: [ELFRule: Text] = [
        fileTexts, headerTexts, segmentTexts, dynamicTexts, relocationTexts, configurationTexts,
        warningTexts,
    ].reduce(into: [:]) { all, texts in all.merge(texts) { first, _ in first } }

    private static let rebuild = "was it cut short? build it again"
    private static let compile = "compile the kernel for x86_64 or aarch64"

    private static let fileTexts: [ELFRule: Text] = [
        .fileOpen: Text("the file can be opened", "–", "check the path and its permissions"),
        .fileRead: Text("the file can be read", "–", "check the disk and the permissions"),
        .fileShrank: Text(
            "the file does not become shorter while it is read", "size", "build it again"),
        .fileRegular: Text("the file is a regular file", "–", "name the kernel's ELF file"),
    ]

    private static let headerTexts: [ELFRule: Text] = [
        .elfEmpty: Text("the file is not empty", "size", "build the kernel again"),
        .elfMagic: Text(
            "the file begins with 7f 45 4c 46", "EI_MAG",
            "link the kernel as ELF, and name that file"),
        .elfHeaderTruncated: Text("the file has all 64 bytes of the header", "size", rebuild),
        .elfClass: Text("the class is 2 (64-bit)", "EI_CLASS", compile),
        .elfByteOrder: Text("the byte order is 1 (little-endian)", "EI_DATA", compile),
        .elfVersion: Text(
            "the version is 1, in both places", "EI_VERSION, e_version", "build the kernel again"),
        .elfType: Text(
            "the type is 2 (ET_EXEC) or 3 (ET_DYN)", "e_type", "link it into an executable"),
        .elfMachine: Text("the machine is 62 (x86-64) or 183 (AArch64)", "e_machine", compile),
        .elfEntrySize: Text(
            "headers have the sizes of ELF64: 64, 56 and 64 bytes",
            "e_ehsize, e_phentsize, e_shentsize", "link the kernel with another linker"),
        .elfProgramHeaderCount: Text(
            "there are at most 65,534 program headers", "e_phnum",
            "let the linker script make fewer segments"),
        .elfSectionHeaderCount: Text(
            "there are at most 65,279 sections", "e_shnum, sh_size of section 0",
            "strip the kernel"),
        .elfTableOutsideFile: Text(
            "program headers, section headers and section names lie within the file",
            "e_phoff, e_shoff, sh_offset", rebuild),
        .elfSectionNameIndex: Text(
            "the section of names is one of the sections", "e_shstrndx", "strip the kernel"),
        .elfSectionNamesSize: Text(
            "the section names have at most 1 MiB", "sh_size", "strip the kernel"),
        .elfDecode: Text("libelf can decode the headers", "–", "build the kernel again"),
    ]

    private static let segmentTexts: [ELFRule: Text] = [
        .segmentNone: Text(
            "some PT_LOAD has memory", "e_phnum, p_type, p_memsz", "link it as an executable"),
        .segmentOutsideFile: Text(
            "the bytes lie within the file", "p_offset, p_filesz", rebuild),
        .segmentFileSize: Text(
            "there are no more bytes in the file than in memory", "p_filesz",
            "check the linker script"),
        .segmentAddressOverflow: Text(
            "the addresses end below 2^64", "p_vaddr, p_memsz", "link at a lower address"),
        .segmentCanonical: Text(
            "all addresses of an ET_EXEC are canonical", "p_vaddr",
            "link below 0x800000000000 or from 0xffff800000000000 on"),
        .segmentAlignment: Text(
            "the alignment is 0 or a power of two", "p_align", "check the linker script"),
        .segmentAlignmentLimit: Text(
            "the alignment of an ET_DYN is at most 512 GiB", "p_align",
            "link with -z max-page-size=4096"),
        .segmentCongruence: Text(
            "address and file offset are the same modulo the alignment", "p_vaddr, p_offset",
            "check the linker script's addresses"),
        .segmentOverlap: Text(
            "no byte of memory belongs to two segments", "p_vaddr, p_memsz",
            "check the linker script's addresses"),
        .segmentSpan: Text(
            "an ET_DYN spreads over at most 512 GiB of addresses", "p_vaddr",
            "link its parts closer together"),
        .segmentDuplicate: Text(
            "there is at most one PT_DYNAMIC, PT_TLS and PT_GNU_RELRO", "p_type",
            "check the linker script's PHDRS"),
        .segmentNotLoaded: Text(
            "PT_TLS's bytes and PT_GNU_RELRO's pages are a PT_LOAD's", "p_vaddr",
            "check the linker script's PHDRS"),
        .entryExecutable: Text(
            "the entry point is in an executable segment", "e_entry",
            "define the entry symbol that the linker was given"),
        .entryPhysical: Text(
            "the entry point is a virtual address", "e_entry",
            "let the linker script's ENTRY name a symbol at its virtual address"),
        .entryZeroes: Text(
            "the entry point is among the bytes from the file", "e_entry",
            "give the kernel, not the file of its debug information"),
    ]
}
