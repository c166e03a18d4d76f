/* kernel_runtime.h for x86-64: ports, COM1, QEMU's debug exit, and processor exceptions.
 *
 * SPDX-License-Identifier: Apache-2.0 OR MIT
 */
#ifndef KERNEL_X86_64_H
#define KERNEL_X86_64_H

#include <stdbool.h>
#include <stdint.h>

struct boot_info;

static inline void port_write(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

/* Masks interrupts and halts forever. */
__attribute__((noreturn)) static inline void halt_forever(void) {
    for (;;) {
        __asm__ volatile("cli; hlt");
    }
}

enum { SERIAL_PORT = 0x3F8 };

/* Sets COM1 to 115,200 baud, 8 data bits, no parity (PC16550D data sheet); ignores boot info. */
static inline void serial_initialize(const struct boot_info *info) {
    (void)info;
    port_write(SERIAL_PORT + 1, 0x00); /* no interrupts */
    port_write(SERIAL_PORT + 3, 0x80); /* the divisor follows: 1 */
    port_write(SERIAL_PORT + 0, 0x01);
    port_write(SERIAL_PORT + 1, 0x00);
    port_write(SERIAL_PORT + 3, 0x03);
    port_write(SERIAL_PORT + 2, 0xC7); /* FIFOs on, empty */
    port_write(SERIAL_PORT + 4, 0x0B);
}

/* Sends one byte unchanged. */
static inline void serial_send(uint8_t byte) {
    while ((port_read(SERIAL_PORT + 5) & 0x20) == 0) {
    }
    port_write(SERIAL_PORT, byte);
}

/* QEMU's device isa-debug-exit at port 0xF4: ends QEMU with status 33 or 35. Without the device,
 * writing has no effect. */
enum { DEBUG_EXIT_PORT = 0xF4, DEBUG_EXIT_SUCCESS = 0x10, DEBUG_EXIT_FAILURE = 0x11 };

/* Ends QEMU with DEBUG_EXIT_SUCCESS or DEBUG_EXIT_FAILURE; halts without the device. */
__attribute__((noreturn)) static inline void debug_exit(int value) {
    port_write(DEBUG_EXIT_PORT, (uint8_t)value);
    halt_forever();
}

/* The stack at a processor exception (Intel SDM 3A, section 6.14). */
struct exception_frame {
    uint64_t vector;
    uint64_t error_code; /* zero if the exception has none */
    uint64_t instruction_pointer;
    uint64_t code_selector;
    uint64_t flags;
    uint64_t stack_pointer;
    uint64_t stack_selector;
};

/* Handles an exception; must not return. */
typedef void exception_handler(const struct exception_frame *frame);

/* Makes every processor exception call a handler, on a separate stack, so it handles stack
 * overflows too. Replaces GDT, TSS and IDT; the selectors stay those of the loader, 0x08 for code
 * and 0x10 for data (Intel SDM 3A, chapters 6 and 7). */
static inline void install_exception_handlers(exception_handler *handler) {
    static uint64_t gdt[5] = {0, 0x00AF9B000000FFFF, 0x00CF93000000FFFF, 0, 0};
    static uint32_t tss[26];
    static uint64_t idt[32][2];
    static uint64_t stack[512] __attribute__((aligned(16)));
    struct __attribute__((packed)) {
        uint16_t limit;
        uint64_t base;
    } gdt_pointer = {sizeof gdt - 1, (uint64_t)gdt}, idt_pointer = {sizeof idt - 1, (uint64_t)idt};

    /* One stub of 16 bytes for each exception. Vectors 8, 10 to 14, 17, 21, 29 and 30 have an error
     * code; the others get a zero. The handler's address is stored above the frame. */
    uint64_t stubs;
    __asm__ volatile(
        "lea 1f(%%rip), %0\n"
        "jmp 3f\n"
        ".balign 16\n"
        "1:\n"
        ".set .Lexception_vector, 0\n"
        ".rept 32\n"
        ".balign 16\n"
        ".if ((0x60227D00 >> .Lexception_vector) & 1) == 0\n"
        "pushq $0\n"
        ".endif\n"
        "pushq $.Lexception_vector\n"
        "jmp 2f\n"
        ".set .Lexception_vector, .Lexception_vector + 1\n"
        ".endr\n"
        "2: mov %%rsp, %%rdi\n"
        "and $-16, %%rsp\n"
        "cld\n"
        "call *%c1(%%rdi)\n"
        "3:\n"
        : "=r"(stubs)
        : "i"(sizeof(struct exception_frame)));

    uint64_t *stack_top = stack + 510;
    *stack_top = (uint64_t)handler;
    tss[9] = (uint32_t)(uint64_t)stack_top; /* IST 1 */
    tss[10] = (uint32_t)((uint64_t)stack_top >> 32);
    tss[25] = sizeof tss << 16; /* no map of ports */
    uint64_t base = (uint64_t)tss;
    gdt[3] = (sizeof tss - 1) | (base & 0xFFFFFF) << 16 | 0x89ull << 40 | (base >> 24 & 0xFF) << 56;
    gdt[4] = base >> 32;
    for (int vector = 0; vector < 32; vector++) {
        uint64_t stub = stubs + 16 * (uint64_t)vector;
        /* Code selector, IST 1, present interrupt gate. */
        idt[vector][0] = (stub & 0xFFFF) | (stub >> 16 & 0xFFFF) << 48 | 0x8E0100080000;
        idt[vector][1] = stub >> 32;
    }
    __asm__ volatile("lgdt %0" : : "m"(gdt_pointer));
    __asm__ volatile("ltr %w0" : : "r"(0x18));
    __asm__ volatile("lidt %0" : : "m"(idt_pointer) : "memory");
}

/* Returns the vector. */
static inline uint64_t exception_number(const struct exception_frame *frame) {
    return frame->vector;
}

/* Returns the name of an exception (Intel SDM 3A, table 6-1). */
static inline const char *exception_name(const struct exception_frame *frame) {
    switch (frame->vector) {
    case 0: return "divide error";
    case 1: return "debug exception";
    case 2: return "non-maskable interrupt";
    case 3: return "breakpoint";
    case 4: return "overflow";
    case 5: return "bound range exceeded";
    case 6: return "invalid opcode";
    case 7: return "device not available";
    case 8: return "double fault";
    case 10: return "invalid TSS";
    case 11: return "segment not present";
    case 12: return "stack-segment fault";
    case 13: return "general protection";
    case 14: return "page fault";
    case 16: return "x87 exception";
    case 17: return "alignment check";
    case 18: return "machine check";
    case 19: return "SIMD exception";
    case 21: return "control protection";
    default: return "reserved";
    }
}

/* The name and value of the exception's cause. */
#define EXCEPTION_CODE "error code"
static inline uint64_t exception_code(const struct exception_frame *frame) {
    return frame->error_code;
}

/* Whether the exception has an address: only page faults do. */
static inline bool exception_has_address(const struct exception_frame *frame) {
    return frame->vector == 14;
}

static inline uint64_t exception_address(const struct exception_frame *frame) {
    (void)frame;
    uint64_t address;
    __asm__ volatile("mov %%cr2, %0" : "=r"(address));
    return address;
}

#endif
