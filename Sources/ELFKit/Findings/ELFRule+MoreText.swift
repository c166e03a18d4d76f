extension ELFRule {
    private static let addends = "link with relocations that have addends (lld: -z rela)"
    private static let relink = "link the kernel with another linker"

    static let dynamicTexts: [ELFRule: Text] = [
        .dynamicNeedsLibrary: Text(
            "no shared library is needed", "DT_NEEDED", "link the kernel with -nostdlib -static"),
        .dynamicUnterminated: Text(
            "DT_NULL ends the dynamic section", "DT_NULL", "link the kernel again"),
        .dynamicDuplicate: Text(
            "an entry that the loader reads is there once", "d_tag", relink),
        .dynamicMissing: Text(
            "a table has its address, size and encoding", "d_tag", relink),
        .dynamicUnsupportedTable: Text(
            "there are no relocations without addends", "DT_REL, DT_RELSZ", addends),
        .dynamicEncoding: Text(
            "entries have 24 bytes, packed ones 8, and DT_PLTREL is 7",
            "DT_RELAENT, DT_SYMENT, DT_RELRENT, DT_PLTREL", addends),
        .dynamicTableSize: Text(
            "a table has a whole number of entries", "DT_RELASZ, DT_PLTRELSZ, DT_RELRSZ", relink),
        .dynamicTableNotLoaded: Text(
            "a table is within the file bytes of one PT_LOAD", "DT_RELA, DT_JMPREL, DT_RELR",
            "let the linker script keep the table's section in a segment"),
    ]

    static let relocationTexts: [ELFRule: Text] = [
        .relocationType: Text(
            "the type is NONE, 64 (AArch64: ABS64), GLOB_DAT, JUMP_SLOT or RELATIVE", "r_info",
            "link with -static, and without ifunc symbols"),
        .relocationSymbol: Text("RELATIVE has no symbol", "r_info", relink),
        .relocationTarget: Text(
            "the 8 bytes that are changed lie in one segment", "r_offset",
            "check what the linker script discards"),
        .relocationSymbolNotLoaded: Text(
            "the symbol is within the bytes that are loaded", "r_info, DT_SYMTAB",
            "let the linker script keep .dynsym in a segment"),
        .relocationSymbolType: Text(
            "the symbol is neither thread-local nor an ifunc", "st_info",
            "compile with -ftls-model=local-exec, and make ifuncs plain functions"),
        .relocationSymbolUndefined: Text(
            "the symbol is defined or weak", "st_shndx", "link with -static or define it"),
        .relocationBitmap: Text(
            "a packed table begins with an address", "DT_RELR", relink),
    ]

    static let configurationTexts: [ELFRule: Text] = [
        .configDuplicate: Text(
            "there is one section .bootloader-config", "sh_name",
            "call entry_point! or BOOT_CONFIGURATION once"),
        .configOutsideFile: Text(
            "the section lies within the file", "sh_offset, sh_size",
            "was it cut short? build it again"),
        .configSize: Text(
            "the section has 133 bytes", "sh_size",
            "let entry_point! or BOOT_CONFIGURATION make it"),
        .configUUID: Text(
            "the section begins with the contract's UUID", "bytes 0–15",
            "let entry_point! or BOOT_CONFIGURATION make it"),
        .configVersion: Text(
            "the contract's version is 0.11", "bytes 16–19",
            "set bootloader_api = \"0.11\" in the kernel's Cargo.toml"),
        .configBeforeKernelBase: Text(
            "the contract's version is 0.11.11 or later", "bytes 20–21",
            "run cargo update -p bootloader_api"),
        .configTag: Text(
            "a tag is 0 or 1", "byte", "let entry_point! or BOOT_CONFIGURATION make it"),
        .configValue: Text(
            "a value that is marked as absent is zero", "bytes",
            "let entry_point! or BOOT_CONFIGURATION make it"),
    ]

    static let warningTexts: [ELFRule: Text] = [
        .segmentWritableCode: Text(
            "no segment is both writable and executable", "p_flags",
            "link code and data into segments of their own"),
        .segmentNullPage: Text(
            "no segment of an ET_EXEC is at page 0", "p_vaddr",
            "link at a higher address, such as --image-base=0x100000"),
        .interpreterUnused: Text(
            "there is no PT_INTERP", "p_type", "link with --no-dynamic-linker"),
        .entryLow: Text(
            "the entry point is in the half of the address space where most of the kernel is",
            "e_entry", "enter in 64-bit code at a virtual address of the upper half"),
        .debugInformation: Text(
            "there is no debug information", "sh_name",
            "none needed: build leaves it out of images, unless --keep-debug-info is given"),
        .codeSSE: Text(
            "code uses no SSE or AVX registers", "instructions",
            "compile with -mno-sse, or save these registers wherever an interrupt may come"),
        .codeRedZone: Text(
            "leaf functions use nothing below the stack pointer", "instructions",
            "compile with -mno-red-zone: an interrupt overwrites what is there"),
        .codeNotSeen: Text(
            "the code can be looked at", "instructions",
            "install llvm-objdump, and keep the section headers"),
    ]
}
