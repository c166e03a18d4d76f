extension ELFRule {
    /// A rule's row in the table of rules.
    struct Text {
        let statement: String
        let field: String
        let remedy: String

        init(_ statement: String, _ field: String, _ remedy: String) {
            (self.statement, self.field, self.remedy) = (statement, field, remedy)
        }
    }

    /// The rule's row; a test checks that each rule has one.
    var text: Text { Self.texts[self] ?? Text(rawValue, "", "") }

    private static let rebuild = "the file may be truncated: build it again"
    private static let relink = "link the kernel with lld or GNU ld"
    private static let compile = "compile the kernel for x86_64 or aarch64"
    private static let addresses = "fix the addresses in the linker script"
    private static let headers = "fix PHDRS in the linker script"
    private static let headerAddresses = "fix the addresses in the Multiboot header"
    private static let addends = "link with relocations that have addends (lld: -z rela)"
    private static let generate = "generate the section with entry_point! or BOOT_CONFIGURATION"

    static let texts: [ELFRule: Text] = [
        // The file.
        .fileOpen: Text("the file can be opened", "–", "check the path and its permissions"),
        .fileRead: Text("the file can be read", "–", "check the disk and the permissions"),
        .fileShrank: Text(
            "the file does not shrink while it is read", "size",
            "wait until it is written completely, then retry"),
        .fileRegular: Text("the file is a regular file", "–", "specify the kernel's ELF file"),
        // The ELF header and the tables that it locates.
        .elfEmpty: Text("the file is not empty", "size", "build the kernel again"),
        .elfMagic: Text(
            "the file starts with 7f 45 4c 46", "EI_MAG",
            "link the kernel as ELF and specify that file"),
        .elfHeaderTruncated: Text("the file contains all 64 bytes of the header", "size", rebuild),
        .elfClass: Text(
            "the class is 2 (64-bit), or 1 (32-bit) for a Multiboot kernel", "EI_CLASS", compile),
        .elfByteOrder: Text("the byte order is 1 (little-endian)", "EI_DATA", compile),
        .elfVersion: Text(
            "the version is 1, in both fields", "EI_VERSION, e_version", "build the kernel again"),
        .elfType: Text(
            "the type is 2 (ET_EXEC) or 3 (ET_DYN)", "e_type", "link the kernel as an executable"),
        .elfMachine: Text(
            "the machine is 62 (x86-64) or 183 (AArch64), or 3 (i386) in a 32-bit file",
            "e_machine",
            compile),
        .elfEntrySize: Text(
            "headers have the sizes of ELF64, 64, 56 and 64 bytes, or of ELF32, 52, 32 and 40",
            "e_ehsize, e_phentsize, e_shentsize", relink),
        .elfProgramHeaderCount: Text(
            "there are at most 65,534 program headers", "e_phnum",
            "define fewer segments in the linker script"),
        .elfSectionHeaderCount: Text(
            "there are at most 65,279 sections", "e_shnum, sh_size of section 0",
            "strip the kernel"),
        .elfTableOutsideFile: Text(
            "program headers, section headers and section names are within the file",
            "e_phoff, e_shoff, sh_offset", rebuild),
        .elfSectionNameIndex: Text(
            "the index of the section names is that of a section", "e_shstrndx",
            "strip the kernel"),
        .elfSectionNamesSize: Text(
            "the section names have at most 1 MiB", "sh_size", "strip the kernel"),
        .elfDebugFile: Text(
            "the sections of code have bytes in the file", "sh_type",
            "specify the stripped kernel beside it"),
        .elfDecode: Text("libelf can decode the headers", "–", "build the kernel again"),
        // The program headers.
        .segmentNone: Text(
            "at least one PT_LOAD has memory", "e_phnum, p_type, p_memsz",
            "link the kernel as an executable"),
        .linuxProgram: Text(
            "no note says that the file is a program for Linux", "PT_NOTE",
            "specify a kernel, linked with -nostdlib -static"),
        .segmentOutsideFile: Text(
            "the segment's bytes are within the file", "p_offset, p_filesz", rebuild),
        .segmentFileSize: Text(
            "a segment has no more bytes in the file than in memory", "p_filesz",
            "check the linker script"),
        .segmentAddressOverflow: Text(
            "the segment ends below 2^64", "p_vaddr, p_memsz", "link at a lower address"),
        .segmentCanonical: Text(
            "all addresses of an ET_EXEC are canonical", "p_vaddr",
            "link below 0x800000000000 or at 0xffff800000000000 and above; for aarch64 below "
                + "0x1000000000000 or at 0xffff000000000000 and above"),
        .segmentAlignment: Text(
            "the alignment is 0 or a power of two", "p_align",
            "fix the alignment in the linker script"),
        .segmentAlignmentLimit: Text(
            "the alignment of an ET_DYN is at most 512 GiB", "p_align",
            "link with -z max-page-size=4096"),
        .segmentCongruence: Text(
            "address and file offset are equal modulo the alignment", "p_vaddr, p_offset",
            addresses),
        .segmentOverlap: Text(
            "segments do not overlap in memory", "p_vaddr, p_memsz", addresses),
        .segmentSpan: Text(
            "the segments of an ET_DYN span at most 512 GiB of addresses", "p_vaddr",
            "link the segments closer together"),
        .segmentCount: Text(
            "there are at most 240 PT_LOAD with memory", "e_phnum, p_type",
            "define fewer segments in the linker script"),
        .segmentMemory: Text(
            "the segments need at most 512 GiB of memory", "p_memsz",
            "check the sizes in the linker script"),
        .segmentDuplicate: Text(
            "there is at most one PT_DYNAMIC, PT_TLS and PT_GNU_RELRO", "p_type", headers),
        .segmentNotLoaded: Text(
            "a PT_LOAD contains the bytes of PT_TLS and the pages of PT_GNU_RELRO", "p_vaddr",
            headers),
        .entryExecutable: Text(
            "the entry point is in an executable segment", "e_entry",
            "define the linker's entry symbol, _start by default"),
        .entryPhysical: Text(
            "the entry point is a virtual address", "e_entry",
            "set ENTRY in the linker script to a symbol at a virtual address"),
        .entryZeroes: Text(
            "the entry point is within the segment's bytes in the file", "e_entry",
            "set ENTRY in the linker script to a function"),
        // The dynamic section and the relocation tables.
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
        // Relocations.
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
        // The section .bootloader-config.
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
        .configStack: Text(
            "the stack has at most 512 GiB", "bytes 23–30",
            "set a smaller kernel_stack_size"),
        // The section .bootimage-requests.
        .requestsDuplicate: Text(
            "there is at most one section .bootimage-requests", "sh_name",
            "use BOOT_REQUEST only once"),
        .requestsSize: Text(
            "the section has 8 bytes within the file", "sh_offset, sh_size",
            "define the section with BOOT_REQUEST"),
        .requestsUnknown: Text(
            "the loader has what the section asks for", "bytes 0–7",
            "use the constants BOOT_REQUEST_… of bootinfo.h"),
        // The boot protocol.
        .protocolSupported: Text(
            "the file asks for the protocol that --protocol names", "--protocol",
            "omit --protocol, or see what the file asks for with bootimage inspect"),
        // Limine.
        .limineBaseRevision: Text(
            "the base revision is 0 to 6", "base revision", "set an older base revision"),
        .limineBaseRevisionDuplicate: Text(
            "there is at most one base revision tag", "base revision", "remove all tags but one"),
        .limineRequestDuplicate: Text(
            "each known feature is requested once", "id", "remove all requests of it but one"),
        .limineSegmentOrder: Text(
            "the PT_LOAD are in the order of their addresses", "p_vaddr", headers),
        .limineLowerHalf: Text(
            "an ET_EXEC is linked at 0xffffffff80000000 or above", "p_vaddr",
            "link at 0xffffffff80000000, or as a position-independent executable"),
        .limineMixedHalves: Text(
            "all segments are in the same half of the address space", "p_vaddr", addresses),
        .limineEntryPoint: Text(
            "the entry point of an entry point request is in an executable segment", "entry",
            "set entry to the address of a function"),
        // Multiboot and Multiboot2.
        .multibootFlags: Text(
            "bits 3 to 15 of a Multiboot header's flags are 0", "flags",
            "clear the bits that the specification does not define"),
        .multibootArchitecture: Text(
            "the architecture of a Multiboot2 header is 0 (i386)", "architecture",
            "set the architecture to 0"),
        .multibootHeaderLength: Text(
            "a Multiboot2 header ends in an end tag within header_length", "header_length",
            "set header_length to the size of the header with its end tag"),
        .multibootTag: Text(
            "all required tags are known", "type", "mark the tag as optional"),
        .multibootInformation: Text(
            "all required types of boot information are known", "mbi_tag_types",
            "mark the information request tag as optional"),
        .multibootEFI32: Text(
            "an EFI i386 entry address is optional", "flags", "mark the tag as optional"),
        .multibootAlignment: Text(
            "the alignment of a kernel that may be moved is a power of two", "align",
            "set the alignment to that of the kernel's strictest segment"),
        .multibootAddresses: Text(
            "the load addresses ascend, and the header is at its address",
            "header_addr, load_addr, load_end_addr, bss_end_addr", headerAddresses),
        .multibootFileShort: Text(
            "the file has all bytes up to load_end_addr", "load_end_addr", rebuild),
        .multibootEntryMissing: Text(
            "a header with load addresses has an entry address", "entry_addr",
            "add the entry address tag"),
        .multibootEntry: Text(
            "the entry point is within the loaded bytes", "entry_addr, e_entry",
            "set the entry point to a symbol in a segment"),
        .multibootMemory: Text(
            "everything is loaded below 4 GiB of physical memory", "p_paddr, bss_end_addr",
            "set lower load addresses, with AT() in the linker script"),
        .multibootLowMemory: Text(
            "nothing is loaded below 64 KiB or from 640 KiB to 1 MiB", "p_paddr, load_addr",
            "load the kernel at 1 MiB or above"),
        // arm64-image.
        .imageByteOrder: Text(
            "an Image header's kernel is little-endian", "flags",
            "compile the kernel for aarch64, and clear bit 0"),
        .imageSize: Text(
            "image_size is not less than the file", "image_size",
            "set it to the kernel's end in memory, less its start, in the linker script"),
        .imageEntry: Text(
            "the entry point is within a segment's bytes in the file", "e_entry",
            "set the entry point to a symbol in a segment"),
        .imageMemory: Text(
            "everything is loaded within 52 bits of physical memory", "p_paddr, text_offset",
            "set lower load addresses, with AT() in the linker script"),
        // A flat kernel for a board.
        .flatArchitecture: Text(
            "the kernel is for AArch64", "e_machine", "compile the kernel for aarch64"),
        .flatType: Text(
            "the type is 2 (ET_EXEC), except with an `Image` header", "e_type",
            "link the kernel without -pie"),
        .flatAddress: Text(
            "without an `Image` header, the lowest segment with bytes is at 0x80000", "p_paddr",
            "link the kernel at 0x80000"),
        .flatImageAddress: Text(
            "with an `Image` header, the lowest segment with bytes is text_offset above a multiple "
                + "of 2 MiB", "p_paddr, text_offset", "link the kernel there, or change text_offset"
        ),
        .flatImageSize: Text(
            "an `Image` header's image_size covers all segments, or is 0", "image_size",
            "compute image_size from the end of .bss"),
        .flatEntry: Text(
            "the entry point is the first byte of the lowest segment", "e_entry",
            "place the entry point's section first in the linker script"),
        .flatGaps: Text(
            "at most 16 MiB of zeroes lie between the segments' bytes", "p_paddr",
            "place the segments closer together"),
        .flatMemory: Text(
            "without an `Image` header, the segments end at 0x3f000000 or below",
            "p_paddr, p_memsz",
            "set lower load addresses, with AT() in the linker script"),
        // Warnings and notes about a kernel that can be loaded.
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
        .bootProtocol: Text(
            "the loader speaks a boot protocol that the kernel asks for",
            "header, request or note",
            "write the entry point for that contract (docs/kernels.md)"),
        .protocolSeveral: Text(
            "the file asks for one boot protocol, or --protocol selects one",
            "section, header or request", "select one with --protocol"),
        .protocolGuessed: Text(
            "a kernel without a header is given its protocol", "p_vaddr, p_paddr",
            "write --protocol arm64-image, or --protocol plain for bootimage's contract"),
        .limineMarkers: Text(
            "the end marker of Limine's requests comes after the start marker", "marker",
            "fix the order of the sections in the linker script"),
        .limineOutsideMarkers: Text(
            "all requests are between the markers, and whole", "id",
            "put them into the sections between the markers' sections"),
        .limineAlignment: Text(
            "requests, tags and markers are at multiples of 8", "id", "align them to 8 bytes"),
        .liminePagePermissions: Text(
            "segments with different permissions share no page: Limine refuses them", "p_flags",
            "align the segments to pages in the linker script"),
        .limineSection: Text(
            "there is no section .limine_reqs above base revision 0", "sh_name",
            "remove the section"),
        .multibootHeader: Text(
            "a Multiboot header is aligned, near the file's start, and has the right checksum",
            "magic, checksum", "place the header's section first in the linker script"),
        .multibootTagSize: Text(
            "a tag has room for its fields; missing ones are 0", "size", "fix the tag's size"),
        .multibootInformationMissing: Text(
            "the loader has all required boot information", "mbi_tag_types",
            "do without it, or mark the information request tag as optional"),
        .multibootRelocations: Text(
            "a Multiboot kernel has no sections of relocations: GRUB refuses them", "sh_type",
            "link with -static and without --emit-relocs"),
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
