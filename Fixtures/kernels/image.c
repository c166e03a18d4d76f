// A kernel for AArch64 in the state in which Linux starts: it prints how it was entered and what
// its device tree has in /chosen, a line for each value, and starts other processors by PSCI.
//
//   -DHEADER           the file starts with the Image header
//   -DFLAGS=n          its flags (default 0)
//   -DTEXT_OFFSET=n    its text_offset (default 0)
//   -DPROCESSORS=n     starts processors 1 to n - 1
//   -DCONDUIT=smc      by that instruction (default hvc)
//   -DFAULT            executes an undefined instruction instead of ending QEMU

#include "serial.h"

#ifndef FLAGS
#define FLAGS 0
#endif
#ifndef TEXT_OFFSET
#define TEXT_OFFSET 0
#endif
#ifndef PROCESSORS
#define PROCESSORS 1
#endif
#ifndef CONDUIT
#define CONDUIT hvc
#endif
#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

__asm__(
    ".section .text.first, \"ax\"\n"
    ".globl _start\n"
    "_start:\n"
#ifdef HEADER
    "b 1f\n"
    ".word 0\n"
    ".quad " TEXT(TEXT_OFFSET) "\n"
    ".quad kernel_end - _start\n"
    ".quad " TEXT(FLAGS) "\n"
    ".quad 0, 0, 0\n"
    ".ascii \"ARM\\x64\"\n"
    ".word 0\n"
    "1:\n"
#endif
    "adrp x9, stack_end\n"
    "add x9, x9, :lo12:stack_end\n"
    "mov sp, x9\n"
    "bl start\n"
    "other_processor:\n"
    "mov x1, #1\n"
    "stlr x1, [x0]\n"
    "2: wfi\n"
    "b 2b\n"
    ".bss\n"
    ".balign 4096\n"
    ".skip 0x4000\n"
    "stack_end:\n");

__attribute__((visibility("hidden"))) extern const uint8_t _start[], other_processor[];

// Behind the file's bytes: not zero if the loader leaves what was there.
static uint64_t zeros[4096];
static volatile uint64_t data = 0x1234;
static volatile uint64_t started[16];

static void line(const char *name, uint64_t value) {
    print(name);
    print(": ");
    print_number(value);
    print("\n");
}

#define SYSTEM_REGISTER(name) \
    ({ uint64_t value; __asm__ volatile("mrs %0, " #name : "=r"(value)); value; })

// The tree's numbers have their highest byte first.
static uint32_t word(const uint8_t *tree, uint64_t offset) {
    return (uint32_t)tree[offset] << 24 | (uint32_t)tree[offset + 1] << 16
        | (uint32_t)tree[offset + 2] << 8 | tree[offset + 3];
}

static int is_equal(const uint8_t *text, const char *other) {
    while (*text != 0 && *text == (uint8_t)*other) {
        text++;
        other++;
    }
    return *text == (uint8_t)*other;
}

// Prints the properties of /chosen that loaders set, and the RAM disk's first bytes.
static void print_chosen(const uint8_t *tree) {
    uint64_t strings = word(tree, 12), ramdisk = 0;
    int depth = 0, is_chosen = 0;
    for (uint64_t offset = word(tree, 8);;) {
        uint32_t token = word(tree, offset);
        offset += 4;
        if (token == 1) {
            depth++;
            is_chosen = depth == 2 && is_equal(tree + offset, "chosen");
            while (tree[offset] != 0) {
                offset++;
            }
            offset = (offset + 4) & ~UINT64_C(3);
        } else if (token == 2) {
            depth--;
            is_chosen = 0;
        } else if (token == 3) {
            uint32_t count = word(tree, offset);
            const uint8_t *name = tree + strings + word(tree, offset + 4);
            const uint8_t *value = tree + offset + 8;
            if (is_chosen) {
                if (is_equal(name, "linux,initrd-start") || is_equal(name, "linux,initrd-end")) {
                    // Of one cell or two.
                    uint64_t number = word(value, count - 4);
                    number |= count == 8 ? (uint64_t)word(value, 0) << 32 : 0;
                    line((const char *)name, number);
                    ramdisk = is_equal(name, "linux,initrd-start") ? number : ramdisk;
                } else if (is_equal(name, "bootargs") || is_equal(name, "stdout-path")) {
                    print((const char *)name);
                    print(": ");
                    print((const char *)value);
                    print("\n");
                }
            }
            offset += (8 + count + 3) & ~3u;
        } else if (token == 9 || depth == 0) {
            break;
        }
    }
    line("end of tree depth", (uint64_t)depth);
    if (ramdisk != 0) {
        line("ramdisk word", word((const uint8_t *)ramdisk, 0));
    }
}

static int64_t start_processor(uint64_t number) {
    register uint64_t x0 __asm__("x0") = 0xC4000003;
    register uint64_t x1 __asm__("x1") = number;
    register uint64_t x2 __asm__("x2") = (uint64_t)other_processor;
    register uint64_t x3 __asm__("x3") = (uint64_t)&started[number];
    __asm__ volatile(
        TEXT(CONDUIT) " #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
    return (int64_t)x0;
}

__attribute__((used)) static void start(uint64_t x0, uint64_t x1, uint64_t x2, uint64_t x3) {
    uint64_t level = SYSTEM_REGISTER(CurrentEL) >> 2;
    line("x0", x0);
    line("x1 to x3", x1 | x2 | x3);
    line("level", level);
    // MMU, data cache.
    line("sctlr", (level == 2 ? SYSTEM_REGISTER(SCTLR_EL2) : SYSTEM_REGISTER(SCTLR_EL1)) & 5);
    line("daif", SYSTEM_REGISTER(DAIF));
    line("start", (uint64_t)_start);
    line("data", data);
    uint64_t bits = 0;
    for (int index = 0; index < 4096; index++) {
        bits |= ((volatile uint64_t *)zeros)[index];
    }
    line("bss", bits);
    if (x0 != 0) {
        const uint8_t *tree = (const uint8_t *)x0;
        line("tree magic", word(tree, 0));
        line("tree bytes", word(tree, 4));
        print_chosen(tree);
    }
    uint64_t count = 1;
    for (uint64_t number = 1; number < PROCESSORS; number++) {
        if (start_processor(number) == 0) {
            while (started[number] == 0) {
            }
            count++;
        }
    }
    line("processors", count);
    print("end: of report\n");
#ifdef FAULT
    __asm__ volatile("udf #0");
#endif
    finish(1);
}
