extension ELFRule {
    private static let addends = "link with relocations that have addends (lld: -z rela)"
    private static let generate = "generate the section with entry_point! or BOOT_CONFIGURATION"

    static let dynamicTexts: [ELFRule: Text] = [
        .dynamicNeedsLibrary: Text(
            "no shared library is required", "DT_NEEDED", "link the kernel with -nostdlib -static"),
        .dynamicUnterminated: Text(
            "DT_NULL ends the dynamic section", "DT_NULL", "link the kernel again"),
        .dynamicDuplicate: Text(
            "each entry that the loader reads occurs once", "d_tag", relink),
        .dynamicMissing: Text(
            "a table has an address, a size and an encoding", "d_tag", relink),
        .dynamicUnsupportedTable: Text(
            "all relocations have addends", "DT_REL, DT_RELSZ", addends),
        .dynamicEncoding: Text(
            "entries have 24 bytes, packed ones 8, and DT_PLTREL is 7",
            "DT_RELAENT, DT_SYMENT, DT_RELRENT, DT_PLTREL", addends),
        .dynamicTableSize: Text(
            "a table has a whole number of entries", "DT_RELASZ, DT_PLTRELSZ, DT_RELRSZ", relink),
        .dynamicTableNotLoaded: Text(
            "a table is within the file bytes of one PT_LOAD", "DT_RELA, DT_JMPREL, DT_RELR",
            "keep the table's section in a segment of the linker script"),
    ]

    static let relocationTexts: [ELFRule: Text] = [
        .relocationType: Text(
            "the type is NONE, 64 (AArch64: ABS64), GLOB_DAT, JUMP_SLOT or RELATIVE", "r_info",
            "link with -static and without ifunc symbols"),
        .relocationSymbol: Text("RELATIVE has no symbol", "r_info", relink),
        .relocationTarget: Text(
            "the 8 bytes to relocate are within one segment", "r_offset",
            "check which sections the linker script discards"),
        .relocationSymbolNotLoaded: Text(
            "the symbol is within the loaded bytes", "r_info, DT_SYMTAB",
            "keep .dynsym in a segment of the linker script"),
        .relocationSymbolType: Text(
            "the symbol is neither thread-local nor an ifunc", "st_info",
            "compile with -ftls-model=local-exec and replace ifuncs with plain functions"),
        .relocationSymbolUndefined: Text(
            "the symbol is defined or weak", "st_shndx", "link with -static or define the symbol"),
        .relocationBitmap: Text(
            "a packed table starts with an address", "DT_RELR", relink),
    ]

    static let configurationTexts: [ELFRule: Text] = [
        .configDuplicate: Text(
            "there is at most one section .bootloader-config", "sh_name",
            "use entry_point! or BOOT_CONFIGURATION only once"),
        .configOutsideFile: Text(
            "the section is within the file", "sh_offset, sh_size", rebuild),
        .configSize: Text("the section has 133 bytes", "sh_size", generate),
        .configUUID: Text(
            "the section starts with the UUID of bootloader_api", "bytes 0–15", generate),
        .configVersion: Text(
            "the version of bootloader_api is 0.11", "bytes 16–19",
            "set bootloader_api = \"0.11\" in the kernel's Cargo.toml"),
        .configBeforeKernelBase: Text(
            "the version of bootloader_api is 0.11.11 or later", "bytes 20–21",
            "run cargo update -p bootloader_api"),
        .configTag: Text("a tag is 0 or 1", "byte", generate),
        .configValue: Text("a value that is marked as absent is 0", "bytes", generate),
    ]

    static let warningTexts: [ELFRule: Text] = [
        .segmentWritableCode: Text(
            "no segment is both writable and executable", "p_flags",
            "link code and data into separate segments"),
        .segmentNullPage: Text(
            "no segment of an ET_EXEC covers page 0", "p_vaddr",
            "link at a higher address, such as --image-base=0x100000"),
        .interpreterUnused: Text(
            "there is no PT_INTERP", "p_type", "link with --no-dynamic-linker"),
        .entryLow: Text(
            "the entry point is in the upper half of the address space if any segment is",
            "e_entry", "set the entry point to 64-bit code at a virtual address in the upper half"),
        .codeSSE: Text(
            "code uses no SSE or AVX registers", "instructions",
            "compile with -mno-sse, or save these registers in interrupt handlers"),
        .codeRedZone: Text(
            "leaf functions use no memory below the stack pointer", "instructions",
            "compile with -mno-red-zone: interrupts overwrite that memory"),
        .debugInformation: Text(
            "there is no debug information", "sh_name",
            "strip the file with llvm-objcopy --strip-debug to make it smaller"),
        .codeNotSeen: Text(
            "the code can be disassembled", "instructions",
            "install llvm-objdump and keep the section headers"),
    ]
}
