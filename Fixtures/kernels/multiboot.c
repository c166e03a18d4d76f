// A kernel that prints its Multiboot information, a line for each value, and how it was entered.
// It is a 32-bit kernel if compiled for i386, and switches to long mode if for x86-64.
//
//   -DADDRESSES           the header has addresses; the ELF file's entry fails (needs multiboot.ld)
//   -DFLAGS=n             these flags beside those for aligned modules and memory
//   -DVIDEO=type,w,h,d    the header asks for a video mode

#include "multiboot_entry.h"

#ifndef FLAGS
#define FLAGS 0
#endif
#ifdef ADDRESSES
#define ADDRESS_FLAG 0x10000
#define ADDRESS_FIELDS "header, image_start, image_data_end, image_end, start"
#define ELF_ENTRY "ud2"
#else
#define ADDRESS_FLAG 0
#define ADDRESS_FIELDS "0, 0, 0, 0, 0"
#define ELF_ENTRY "jmp start"
#endif
#ifdef VIDEO
#define VIDEO_FLAG 4
#else
#define VIDEO_FLAG 0
#define VIDEO 0, 0, 0, 0
#endif
#define TEXT_OF(...) #__VA_ARGS__
#define TEXT(...) TEXT_OF(__VA_ARGS__)

__asm__(
    ".section .multiboot, \"a\"\n"
    ".set flags, 3 | " TEXT(FLAGS) " | " TEXT(ADDRESS_FLAG) " | " TEXT(VIDEO_FLAG) "\n"
    ".balign 4\n"
    "header:\n"
    "    .long 0x1BADB002, flags, -(0x1BADB002 + flags)\n"
    "    .long " ADDRESS_FIELDS ", " TEXT(VIDEO) "\n"
    ".text\n"
    ".global _start\n"
    "_start:\n"
    "    " ELF_ENTRY "\n");
void kernel_main(void);

static void *at(uint32_t address) { return (void *)(uintptr_t)address; }

static void print_words(const char *name, const uint32_t *words, int count) {
    start_line(name);
    for (int i = 0; i < count; i++) {
        add_number(words[i]);
    }
    end_line();
}

static void print_modules(uint32_t count, const uint32_t *modules) {
    line("modules", count);
    for (; count > 0; count--, modules += 4) {
        start_line("module");
        add_number(modules[0]);
        add_number(modules[1]);
        add_number(hash(at(modules[0]), modules[1] - modules[0]));
        add_text(at(modules[2]));
        end_line();
        line("module reserved", modules[3]);
    }
}

static void print_memory(uint32_t length, const uint8_t *map) {
    for (const uint8_t *end = map + length; map < end; map += *(const uint32_t *)map + 4) {
        const uint32_t *entry = (const uint32_t *)map;
        start_line("memory");
        add_number(entry[1] | (uint64_t)entry[2] << 32);
        add_number(entry[3] | (uint64_t)entry[4] << 32);
        add_number(entry[5]);
        add_number(entry[0]);
        end_line();
    }
}

static void print_framebuffer(const uint8_t *information) {
    const uint32_t *words = (const uint32_t *)(information + 88);
    start_line("framebuffer");
    add_number(words[0] | (uint64_t)words[1] << 32);
    for (int i = 2; i < 5; i++) {
        add_number(words[i]);
    }
    add_number(information[108]);
    add_number(information[109]);
    for (int i = 112; i < 118; i++) { // where compilers place it, although the text has 110
        add_number(information[i]);
    }
    end_line();
}

void kernel_main(void) {
    print("\n");
    print_entry_registers();
    line("start", (uintptr_t)_start);
    const uint32_t *information = at(entry_registers[1]);
    uint32_t flags = information[0];
    line("flags", flags);
    if (flags & 1 << 0) {
        print_words("basic memory", &information[1], 2);
    }
    if (flags & 1 << 1) {
        line("boot device", information[3]);
    }
    if (flags & 1 << 2) {
        text_line("command line", at(information[4]));
    }
    if (flags & 1 << 3) {
        print_modules(information[5], at(information[6]));
    }
    if (flags & (1 << 4 | 1 << 5)) {
        print_words("symbols", &information[7], 4);
    }
    if (flags & 1 << 6) {
        print_memory(information[11], at(information[12]));
    }
    if (flags & 1 << 7) {
        print_words("drives", &information[13], 2);
    }
    if (flags & 1 << 8) {
        line("configuration table", information[15]);
    }
    if (flags & 1 << 9) {
        text_line("loader", at(information[16]));
    }
    if (flags & 1 << 10) {
        line("apm table", information[17]);
    }
    if (flags & 1 << 11) {
        print_words("vbe", &information[18], 4);
    }
    if (flags & 1 << 12) {
        print_framebuffer((const uint8_t *)information);
    }
    text_line("end", "of report");
    finish(1);
}
