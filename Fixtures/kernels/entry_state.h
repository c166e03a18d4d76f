// The registers at entry, stored by `capture` before the compiler's code runs.
#pragma once
#include "lines.h"

#if defined(__aarch64__)
static const char register_names[][5] = {
    "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",
    "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27",
    "x28", "x29", "x30", "sp", "nzcv",
};
__asm__(
    ".macro capture registers\n"
    "    stp x0, x1, [sp, #-16]!\n"
    "    adrp x0, \\registers\n"
    "    add x0, x0, :lo12:\\registers\n"
    "    stp x2, x3, [x0, #16]\n"
    "    stp x4, x5, [x0, #32]\n"
    "    stp x6, x7, [x0, #48]\n"
    "    stp x8, x9, [x0, #64]\n"
    "    stp x10, x11, [x0, #80]\n"
    "    stp x12, x13, [x0, #96]\n"
    "    stp x14, x15, [x0, #112]\n"
    "    stp x16, x17, [x0, #128]\n"
    "    stp x18, x19, [x0, #144]\n"
    "    stp x20, x21, [x0, #160]\n"
    "    stp x22, x23, [x0, #176]\n"
    "    stp x24, x25, [x0, #192]\n"
    "    stp x26, x27, [x0, #208]\n"
    "    stp x28, x29, [x0, #224]\n"
    "    ldp x2, x3, [sp], #16\n"
    "    stp x2, x3, [x0]\n"
    "    mov x1, sp\n"
    "    stp x30, x1, [x0, #240]\n"
    "    mrs x1, NZCV\n"
    "    str x1, [x0, #256]\n"
    "    mov x0, x2\n"
    ".endm\n");
#else
static const char register_names[][15] = {
    "rflags", "rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "r8", "r9", "r10", "r11", "r12",
    "r13", "r14", "r15", "rsp", "return address",
};
// Only the last line changes the flags and a register.
__asm__(
    ".macro capture registers\n"
    "    mov %rsp, \\registers+128(%rip)\n"
    "    lea \\registers+128(%rip), %rsp\n"
    "    .irp register, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax\n"
    "    push %\\register\n"
    "    .endr\n"
    "    pushfq\n"
    "    mov \\registers+128(%rip), %rsp\n"
    "    mov (%rsp), %rax\n"
    "    mov %rax, \\registers+136(%rip)\n"
    ".endm\n");
#endif

enum { REGISTER_COUNT = sizeof register_names / sizeof register_names[0] };

static inline void print_registers(const volatile uint64_t registers[REGISTER_COUNT]) {
    for (int i = 0; i < REGISTER_COUNT; i++) {
        line(register_names[i], registers[i]);
    }
}
