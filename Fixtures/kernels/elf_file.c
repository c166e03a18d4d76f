// A kernel that reads its own ELF file, which the loader keeps in memory: it checks the section
// headers, looks up _start in the symbol table, and counts the debug sections.

#include "bootinfo.h"
#include "check.h"

BOOT_CONFIGURATION(BOOT_DEFAULT_STACK_SIZE, .physical_memory = BOOT_MAPPED(BOOT_DYNAMIC));

struct elf_header {
    uint32_t magic;
    uint8_t identification[12];
    uint16_t type, machine;
    uint32_t version;
    uint64_t entry, program_headers, section_headers;
    uint32_t flags;
    uint16_t size, program_header_size, program_header_count;
    uint16_t section_header_size, section_header_count, name_section;
};

struct section_header {
    uint32_t name, type;
    uint64_t flags, address, offset, size;
    uint32_t link, info;
    uint64_t alignment, entry_size;
};

struct symbol {
    uint32_t name;
    uint8_t info, other;
    uint16_t section;
    uint64_t value, size;
};

enum { NO_SECTION = 0, SYMBOL_TABLE = 2, NO_BYTES = 8 };

// Whether `text` is `word`, or starts with it if `word` ends with a star.
static int matches(const char *text, const char *word) {
    while (*word != 0 && *text == *word) {
        text++;
        word++;
    }
    return *word == *text || *word == '*';
}

void _start(struct boot_info *info);

// Whether the symbol table has the right address and section of _start.
static int finds_start(const uint8_t *file, const struct section_header *sections,
    const struct section_header *table) {
    const char *names = (const char *)file + sections[table->link].offset;
    const struct symbol *symbols = (const void *)(file + table->offset);
    for (uint64_t i = 0; i < table->size / sizeof *symbols; i++) {
        const struct section_header *section = &sections[symbols[i].section];
        if (matches(names + symbols[i].name, "_start")) {
            return symbols[i].value == (uint64_t)_start && symbols[i].value >= section->address
                && symbols[i].value < section->address + section->size;
        }
    }
    return 0;
}

static void check_sections(const uint8_t *file, uint64_t length) {
    const struct elf_header *header = (const void *)file;
    const struct section_header *sections = (const void *)(file + header->section_headers);
    uint64_t table_size = header->section_header_count * sizeof *sections;
    check(header->section_headers % 8 == 0 && header->section_headers + table_size == length,
        "the section headers are aligned, and end the file");

    const char *names = (const char *)file + sections[header->name_section].offset;
    uint64_t debugging = 0;
    int inside = 1, found = 0;
    for (unsigned i = 0; i < header->section_header_count; i++) {
        const struct section_header *section = &sections[i];
        if (section->type == NO_SECTION || section->type == NO_BYTES) {
            continue;
        }
        inside &= section->offset <= length && section->size <= length - section->offset;
        debugging += matches(names + section->name, ".debug_*");
        found |= section->type == SYMBOL_TABLE && finds_start(file, sections, section);
    }
    check(inside, "every section is in the file");
    check(found, "_start is in the symbol table");
    print("sections of debug information: ");
    print_number(debugging);
    print("\n");
}

void _start(struct boot_info *info) {
    const uint8_t *file =
        (const uint8_t *)(info->physical_memory_offset.value + info->kernel_address);
    print("length of the ELF file: ");
    print_number(info->kernel_length);
    print("\n");
    check(*(const uint32_t *)file == 0x464C457F, "the ELF file is at kernel_address");
    check_sections(file, info->kernel_length);
    finish(failures == 0);
}
