// The 32-bit entry of Multiboot kernels, `start`, which stores the registers and calls kernel_main:
// compiled for x86-64, in long mode, with 4 GiB mapped to the same addresses. The code runs where
// the loader put it, which need not be where it is linked.
#pragma once
#include "lines.h"

static const char entry_register_names[][7] = {
    "eax", "ebx", "ecx", "edx", "esi", "edi", "ebp", "eflags", "esp", "cr0", "cr4", "efer", "cs",
    "ds", "es", "fs", "gs", "ss",
};
enum { ENTRY_REGISTER_COUNT = sizeof entry_register_names / sizeof entry_register_names[0] };
static volatile uint32_t entry_registers[ENTRY_REGISTER_COUNT];
static uint64_t entry_stack[2048] __attribute__((aligned(16), used));

// No register points to a stack, so the first stack is below 0x1000, which nothing else uses.
__asm__(
    ".code32\n"
    ".global start\n"
    "start:\n"
    "    mov %esp, 0xFFC\n"
    "    mov $0xFFC, %esp\n"
    "    pushfl\n"
    "    .irp register, ebp, edi, esi, edx, ecx, ebx, eax\n"
    "    push %\\register\n"
    "    .endr\n"
    "    cld\n"
    "    call 1f\n"
    "1:  pop %ebp\n"
    "    sub $1b, %ebp\n" // the distance to where the kernel is linked
    "    mov $0xFDC, %esi\n"
    "    lea entry_registers(%ebp), %edi\n"
    "    mov $9, %ecx\n"
    "    rep movsl\n"
    "    .irp register, cr0, cr4\n"
    "    mov %\\register, %eax\n"
    "    stosl\n"
    "    .endr\n"
    "    mov $0xC0000080, %ecx\n"
    "    rdmsr\n"
    "    stosl\n"
    "    .irp register, cs, ds, es, fs, gs, ss\n"
    "    mov %\\register, %eax\n"
    "    stosl\n"
    "    .endr\n"
    "    lea entry_stack+16384(%ebp), %esp\n");

#if defined(__x86_64__)
static uint64_t entry_tables[6][512] __attribute__((aligned(4096), used));
__asm__(
    "    lea entry_tables(%ebp), %edi\n"
    "    mov %edi, %cr3\n"
    "    lea 0x1003(%edi), %eax\n"
    "    mov %eax, (%edi)\n"
    "    mov $4, %ecx\n"
    "1:  add $0x1000, %eax\n"
    "    mov %eax, 0x1000(%edi)\n"
    "    add $8, %edi\n"
    "    loop 1b\n"
    "    lea entry_tables+0x2000(%ebp), %edi\n"
    "    mov $0x83, %eax\n"
    "    mov $2048, %ecx\n"
    "1:  mov %eax, (%edi)\n"
    "    add $0x200000, %eax\n"
    "    add $8, %edi\n"
    "    loop 1b\n"
    "    mov $0x20, %eax\n"
    "    mov %eax, %cr4\n"
    "    mov $0xC0000080, %ecx\n"
    "    rdmsr\n"
    "    or $0x100, %eax\n"
    "    wrmsr\n"
    "    mov $0x80000011, %eax\n"
    "    mov %eax, %cr0\n"
    "    lea entry_descriptors(%ebp), %eax\n"
    "    mov %eax, 2+entry_descriptors(%ebp)\n"
    "    lgdt entry_descriptors(%ebp)\n"
    "    lea 2f(%ebp), %eax\n"
    "    push $8\n"
    "    push %eax\n"
    "    lret\n"
    ".code64\n"
    "2:  mov $16, %eax\n"
    "    .irp register, ds, es, fs, gs, ss\n"
    "    mov %eax, %\\register\n"
    "    .endr\n"
    "    call kernel_main\n"
    ".data\n"
    ".balign 8\n"
    "entry_descriptors:\n" // the first of which holds the pointer to them
    "    .word 23\n"
    "    .long 0\n"
    "    .word 0\n"
    "    .quad 0x00AF9B000000FFFF, 0x00CF93000000FFFF\n"
    ".text\n");
#else
__asm__("    call kernel_main\n");
#endif

static inline void print_entry_registers(void) {
    for (int i = 0; i < ENTRY_REGISTER_COUNT; i++) {
        line(entry_register_names[i], entry_registers[i]);
    }
    // With A20 closed, both addresses are one.
    volatile uint32_t *low = (volatile uint32_t *)0x500, *high = (volatile uint32_t *)0x100500;
    uint32_t saved = *high;
    *low = 1;
    *high = 2;
    line("a20", *low == 1);
    *high = saved;
}

// The ELF file's entry; hidden, so that its address comes from the code's.
__attribute__((visibility("hidden"))) void _start(void);
