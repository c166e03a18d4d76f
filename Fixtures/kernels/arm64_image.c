// A kernel for AArch64 in arm64's Image state: prints what x0 points to. As an ELF file it starts
// at the header, too.
//
//   -DENDING=FAULT   executes an undefined instruction instead of ending QEMU
//   -DTEXT_OFFSET=n  the header's text_offset

#include "serial.h"

#ifndef TEXT_OFFSET
#define TEXT_OFFSET 0x200000
#endif
#define FAULT 1
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

__asm__(
    ".text\n"
    ".globl _start\n"
    "_start:\n"
    "    b 1f\n"
    "    .long 0\n"
    "    .quad " TEXT(TEXT_OFFSET) "\n"
    "    .quad image_end - _start\n"
    "    .quad 0xA, 0, 0, 0\n"
    "    .ascii \"ARM\\x64\"\n"
    "    .long 0\n"
    "1:  adrp x1, stack\n"
    "    add x1, x1, :lo12:stack\n"
    "    add sp, x1, #0x1000\n"
    "    adr x1, _start\n"
    "    b kernel_main\n"
    ".bss\n"
    ".balign 16\n"
    "stack: .skip 0x1000\n"
    "image_end:\n");

static uint32_t big(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int is(const char *name, const char *wanted) {
    while (*name != 0 && *name == *wanted) {
        name++, wanted++;
    }
    return *name == *wanted;
}

static void print_line(const char *name, uint64_t value) {
    print(name);
    print(": ");
    print_number(value);
    print("\n");
}

// Prints the properties of /chosen that a loader sets (Devicetree Specification 0.4, chapter 5).
static void print_tree(const uint8_t *tree) {
    const uint8_t *next = tree + big(tree + 8);
    const char *names = (const char *)tree + big(tree + 12);
    for (;;) {
        uint32_t token = big(next);
        next += 4;
        if (token == 9) {
            return;
        } else if (token == 1) {
            while (*next++ != 0) {
            }
        } else if (token == 3) {
            uint32_t length = big(next);
            const char *name = names + big(next + 4);
            const uint8_t *value = next + 8;
            if (is(name, "bootargs")) {
                print("command line: ");
                print((const char *)value);
                print("\n");
            } else if (is(name, "linux,initrd-start") || is(name, "linux,initrd-end")) {
                print_line(name, big(value + length - 4));
            }
            next = value + length;
        }
        next = (const uint8_t *)(((uintptr_t)next + 3) & ~(uintptr_t)3);
    }
}

__attribute__((used)) void kernel_main(const uint8_t *tree, uint64_t start) {
    uint64_t level;
    __asm__("mrs %0, CurrentEL" : "=r"(level));
    print_line("start", start);
    print_line("level", level >> 2);
    print_line("device tree", tree != 0 && big(tree) == 0xD00DFEED);
    if (tree != 0) {
        print_tree(tree);
    }
    print("end: of report\n");
#if ENDING == FAULT
    __asm__ volatile("udf #0");
#endif
    // The status of success for AArch64.
    const uint64_t block[2] = {0x20026, 0};
    register uint64_t operation __asm__("x0") = 0x20;
    register const uint64_t *parameter __asm__("x1") = block;
    __asm__ volatile("hlt #0xF000" : "+r"(operation) : "r"(parameter) : "memory");
    for (;;) {
        pause_forever();
    }
}
