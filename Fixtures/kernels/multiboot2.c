// A kernel that prints its Multiboot2 information, a line for each value, and how it was entered.
// It is a 32-bit kernel if compiled for i386, and switches to long mode if for x86-64.
//
//   -DADDRESSES            address and entry tags; the ELF file's entry fails (needs multiboot.ld)
//   -DCONSOLE=n            a console tag with these flags
//   -DEFI                  tags 7 and 9; boot services are ended by the kernel (x86-64)
//   -DFRAMEBUFFER=w,h,d    a framebuffer tag
//   -DRELOCATABLE=a,b,c,d  a relocatable tag: lowest, highest address, alignment, preference
//   -DREQUESTED=n,…        an information request tag
//   -DUNKNOWN=n            a tag of type 0x7777 with these flags

#include "multiboot_entry.h"

#if defined(EFI)
#include "entry_state.h"
#include "processor_state.h"
#endif

#define TAG(type, flags, size) ".balign 8\n.word " type ", " flags "\n.long " size "\n"
#define TEXT_OF(...) #__VA_ARGS__
#define TEXT(...) TEXT_OF(__VA_ARGS__)

__asm__(
    ".section .multiboot, \"a\"\n"
    ".balign 8\n"
    "header:\n"
    "    .long 0xE85250D6, 0, header_end - header\n"
    "    .long -(0xE85250D6 + header_end - header)\n"
#ifdef REQUESTED
    TAG("1", "0", "2f - 1f + 8")
    "1:  .long " TEXT(REQUESTED) "\n"
    "2:\n"
#endif
#ifdef ADDRESSES
    TAG("2", "0", "24")
    "    .long header, image_start, image_data_end, image_end\n"
    TAG("3", "0", "12")
    "    .long start\n"
#endif
#ifdef CONSOLE
    TAG("4", "0", "12")
    "    .long " TEXT(CONSOLE) "\n"
#endif
#ifdef FRAMEBUFFER
    TAG("5", "0", "20")
    "    .long " TEXT(FRAMEBUFFER) "\n"
#endif
    TAG("6", "0", "8")
#ifdef EFI
    TAG("7", "0", "8")
    TAG("9", "0", "12")
    "    .long efi_start\n"
#endif
#ifdef RELOCATABLE
    TAG("10", "0", "24")
    "    .long " TEXT(RELOCATABLE) "\n"
#endif
#ifdef UNKNOWN
    TAG("0x7777", TEXT(UNKNOWN), "8")
#endif
    TAG("0", "0", "8")
    "header_end:\n"
    ".text\n"
    ".global _start\n"
    "_start:\n"
#ifdef ADDRESSES
    "    ud2\n"
#else
    "    jmp start\n"
#endif
);

#if defined(EFI)
static volatile uint64_t boot_registers[REGISTER_COUNT];
__asm__(
    "efi_start:\n"
    "    capture boot_registers\n"
    "    and $-16, %rsp\n"
    "    call kernel_main\n");
#endif
void kernel_main(void);

struct tag {
    uint32_t type, size;
    uint32_t words[];
};

static uint64_t pair(const uint32_t *words) { return words[0] | (uint64_t)words[1] << 32; }

static void print_words(const char *name, const struct tag *tag) {
    start_line(name);
    for (uint32_t i = 0; i < (tag->size - 8) / 4; i++) {
        add_number(tag->words[i]);
    }
    end_line();
}

static void print_module(const struct tag *tag) {
    start_line("module");
    add_number(tag->words[0]);
    add_number(tag->words[1]);
    add_number(hash((const uint8_t *)(uintptr_t)tag->words[0], tag->words[1] - tag->words[0]));
    add_text((const char *)&tag->words[2]);
    end_line();
}

static void print_memory(const struct tag *tag) {
    start_line("memory map");
    add_number(tag->words[0]);
    add_number(tag->words[1]);
    end_line();
    for (uint32_t at = 16; at < tag->size; at += tag->words[0]) {
        const uint32_t *entry = &tag->words[at / 4 - 2];
        start_line("memory");
        add_number(pair(entry));
        add_number(pair(entry + 2));
        add_number(entry[4]);
        end_line();
    }
}

static void print_framebuffer(const struct tag *tag) {
    const uint8_t *bytes = (const uint8_t *)tag;
    start_line("framebuffer");
    add_number(pair(tag->words));
    for (int i = 2; i < 5; i++) {
        add_number(tag->words[i]);
    }
    for (uint32_t i = 28; i < tag->size; i++) {
        add_number(bytes[i]);
    }
    end_line();
}

// Prints each section's name, type, address and size, with the loaded names.
static void print_sections(const struct tag *tag) {
    uint32_t count = tag->words[0], size = tag->words[1];
    const uint8_t *headers = (const uint8_t *)&tag->words[3];
#if defined(__x86_64__)
#define SECTION_WORD(header, narrow, wide) (*(const uint64_t *)((header) + (wide)))
#else
#define SECTION_WORD(header, narrow, wide) (*(const uint32_t *)((header) + (narrow)))
#endif
    const char *names =
        (const char *)(uintptr_t)SECTION_WORD(headers + tag->words[2] * size, 12, 16);
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *header = headers + i * size;
        const uint32_t *words = (const uint32_t *)header;
        start_line("section");
        add_number(words[1]);
        add_number(SECTION_WORD(header, 12, 16));
        add_number(SECTION_WORD(header, 20, 32));
        add_text(names + words[0]);
        end_line();
    }
}

static void print_rsdp(const struct tag *tag) {
    const uint8_t *bytes = (const uint8_t *)tag->words;
    uint8_t sum = 0;
    for (uint32_t i = 0; i < tag->size - 8; i++) {
        sum += bytes[i];
    }
    start_line("rsdp");
    add_number(pair(tag->words));
    add_number(bytes[15]);
    add_number(sum);
    end_line();
}

static void print_tag(const struct tag *tag) {
    switch (tag->type) {
    case 1: text_line("command line", (const char *)tag->words); break;
    case 2: text_line("loader", (const char *)tag->words); break;
    case 3: print_module(tag); break;
    case 4: print_words("basic memory", tag); break;
    case 5: print_words("boot device", tag); break;
    case 6: print_memory(tag); break;
    case 8: print_framebuffer(tag); break;
    case 9: print_sections(tag); break;
    case 10: print_words("apm", tag); break;
    case 11: print_words("efi32 system table", tag); break;
    case 12: print_words("efi64 system table", tag); break;
    case 13: line("smbios", tag->words[0] & 0xFFFF); break;
    case 14:
    case 15: print_rsdp(tag); break;
    case 17:
        start_line("efi memory map");
        add_number(tag->words[0]);
        add_number(tag->words[1]);
        end_line();
        break;
    case 18: text_line("boot services", "active"); break;
    case 19: print_words("efi32 image handle", tag); break;
    case 20: print_words("efi64 image handle", tag); break;
    case 21: print_words("load base", tag); break;
    }
}

static const struct tag *next(const struct tag *tag) {
    return (const struct tag *)((const uint8_t *)tag + ((tag->size + 7) & ~7u));
}

#if defined(EFI)
// Ends boot services, which proves that they were active.
static void end_boot_services(const struct tag *tag) {
    uint64_t table = 0, image = 0;
    for (; tag->type != 0; tag = next(tag)) {
        table = tag->type == 12 ? pair(tag->words) : table;
        image = tag->type == 20 ? pair(tag->words) : image;
    }
    static uint8_t map[65536];
    uint64_t size = sizeof map, key = 0, entry_size = 0;
    uint32_t version = 0;
    const uint64_t *services = *(const uint64_t *const *)(table + 96);
    typedef uint64_t __attribute__((ms_abi)) (*get_map)(
        uint64_t *, void *, uint64_t *, uint64_t *, uint32_t *);
    typedef uint64_t __attribute__((ms_abi)) (*exit_services)(uint64_t, uint64_t);
    line("get map", ((get_map)services[7])(&size, map, &key, &entry_size, &version));
    line("exit boot services", ((exit_services)services[29])(image, key));
}
#endif

void kernel_main(void) {
    print("\n");
#if defined(EFI)
    int is_efi = entry_registers[0] == 0;
    if (is_efi) {
        print_registers(boot_registers);
        print_processor_state();
    } else {
        print_entry_registers();
    }
    uint64_t information = is_efi ? boot_registers[2] : entry_registers[1];
#else
    print_entry_registers();
    uint64_t information = entry_registers[1];
#endif
    line("start", (uintptr_t)_start);
    const uint32_t *head = (const uint32_t *)(uintptr_t)information;
    line("information size", head[0]);
    line("information reserved", head[1]);
    const struct tag *tag = (const struct tag *)&head[2];
    for (; tag->type != 0; tag = next(tag)) {
        start_line("tag");
        add_number(tag->type);
        add_number(tag->size);
        end_line();
        print_tag(tag);
    }
    line("information end", (uintptr_t)tag + tag->size - (uintptr_t)head);
#if defined(EFI)
    if (is_efi) {
        end_boot_services((const struct tag *)&head[2]);
    }
#endif
    text_line("end", "of report");
    finish(1);
}
