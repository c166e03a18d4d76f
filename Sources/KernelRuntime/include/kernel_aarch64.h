/* kernel_runtime.h for AArch64: the serial port that the loader detected, semihosting, and
 * processor exceptions.
 *
 * SPDX-License-Identifier: Apache-2.0 OR MIT
 */
#ifndef KERNEL_AARCH64_H
#define KERNEL_AARCH64_H

#include "bootinfo.h"
#include <stdbool.h>

/* Masks interrupts and halts forever. */
__attribute__((noreturn)) static inline void halt_forever(void) {
    for (;;) {
        __asm__ volatile("msr DAIFSet, #15\n\twfi");
    }
}

/* The serial port, with its virtual address; kind 0 means none, and nothing is sent. Shared by all
 * files of the kernel that include this header. */
__attribute__((weak)) struct boot_serial_port serial_port = {BOOT_SERIAL_NONE, 4, 0};

/* Uses the port that the loader detected, in the state that firmware left it in. */
static inline void serial_initialize(const struct boot_info *info) {
    const struct boot_extension *extension = boot_extension_of(info);
    if (extension != NULL) {
        serial_port = extension->serial_port;
    }
}

/* Sends one byte unchanged, as soon as there is room: bit 5 of a PL011's FR (ARM DDI 0183, chapter
 * 3) or of a 16550's LSR (PC16550D data sheet). */
static inline void serial_send(uint8_t byte) {
    enum { FLAGS_OF_PL011 = 6, FULL = 0x20, LINE_STATUS_OF_16550 = 5, EMPTY = 0x20 };
    volatile uint8_t *bytes = (volatile uint8_t *)serial_port.address;
    volatile uint32_t *words = (volatile uint32_t *)serial_port.address;
    if (serial_port.kind == BOOT_SERIAL_PL011) {
        while ((words[FLAGS_OF_PL011] & FULL) != 0) {
        }
        words[0] = byte;
    } else if (serial_port.kind == BOOT_SERIAL_16550 && serial_port.register_stride == 1) {
        while ((bytes[LINE_STATUS_OF_16550] & EMPTY) == 0) {
        }
        bytes[0] = byte;
    } else if (serial_port.kind == BOOT_SERIAL_16550) {
        while ((words[LINE_STATUS_OF_16550] & EMPTY) == 0) {
        }
        words[0] = byte;
    }
}

/* QEMU's exit statuses, by semihosting. */
enum { DEBUG_EXIT_SUCCESS = 0, DEBUG_EXIT_FAILURE = 1 };

/* Ends QEMU with a status (Semihosting for AArch32 and AArch64, SYS_EXIT_EXTENDED). Halts without
 * semihosting: then the request is an undefined instruction, and the fifth entry of the vector
 * table leads to the halt. */
__attribute__((noreturn, noinline, unused)) static void debug_exit(int value) {
    const uint64_t application_exit[2] = {0x20026, (uint64_t)(uint32_t)value};
    register uint64_t operation __asm__("x0") = 0x20;
    register const uint64_t *parameter __asm__("x1") = application_exit;
    __asm__ volatile(
        "adr x2, 1f\n"
        "msr VBAR_EL1, x2\n"
        "isb\n"
        "hlt #0xF000\n"
        "b 2f\n"
        ".balign 2048\n"
        "1: .skip 0x200\n"
        "2:\n"
        :
        : "r"(operation), "r"(parameter)
        : "x2", "memory");
    halt_forever();
}

/* The state of the processor at an exception (Arm ARM, section D1.3). */
struct exception_frame {
    uint64_t vector;              /* 0 to 15: the entry of the table, four for each source */
    uint64_t syndrome;            /* ESR_EL1 */
    uint64_t instruction_pointer; /* ELR_EL1 */
    uint64_t fault_address;       /* FAR_EL1 */
    uint64_t flags;               /* SPSR_EL1 */
    uint64_t stack_pointer;
};

/* Handles an exception; must not return. */
typedef void exception_handler(const struct exception_frame *frame);

/* Makes every exception call a handler, on a separate stack, so it handles stack overflows too.
 * Replaces VBAR_EL1. */
__attribute__((noinline, unused)) static void install_exception_handlers(
    exception_handler *handler) {
    static uint64_t stack[512] __attribute__((aligned(16)));
    /* The handler's address is stored above the frame. */
    enum { TOP = 510 };
    stack[TOP] = (uint64_t)handler;

    /* An entry has 128 bytes of code. */
    __asm__ volatile(
        "adr x0, 1f\n"
        "msr VBAR_EL1, x0\n"
        "isb\n"
        "b 3f\n"
        ".balign 2048\n"
        "1:\n"
        ".set .Lexception_vector, 0\n"
        ".rept 16\n"
        ".balign 128\n"
        "mov x0, #.Lexception_vector\n"
        "b 2f\n"
        ".set .Lexception_vector, .Lexception_vector + 1\n"
        ".endr\n"
        "2: mov x1, sp\n"
        "adrp x2, %0\n"
        "add x2, x2, :lo12:%0\n"
        "mov sp, x2\n"
        "ldr x7, [sp]\n"
        "mrs x3, ESR_EL1\n"
        "mrs x4, ELR_EL1\n"
        "mrs x5, FAR_EL1\n"
        "mrs x6, SPSR_EL1\n"
        "stp x0, x3, [sp, #-48]!\n"
        "stp x4, x5, [sp, #16]\n"
        "stp x6, x1, [sp, #32]\n"
        "mov x0, sp\n"
        "blr x7\n"
        "3:\n"
        :
        : "S"(stack + TOP)
        : "x0", "memory");
}

/* Returns the syndrome's exception class, which synchronous exceptions set. */
static inline uint64_t exception_number(const struct exception_frame *frame) {
    return frame->syndrome >> 26 & 0x3F;
}

/* Returns the name of an exception (Arm ARM, section D24.2.40, ESR_EL1.EC). */
static inline const char *exception_name(const struct exception_frame *frame) {
    switch (frame->vector % 4) {
    case 1: return "IRQ";
    case 2: return "FIQ";
    case 3: return "SError";
    default: break;
    }
    switch (exception_number(frame)) {
    case 0x00: return "undefined instruction";
    case 0x07: return "floating point is off";
    case 0x0D: return "branch target";
    case 0x0E: return "illegal execution state";
    case 0x15: return "supervisor call";
    case 0x18: return "system register";
    case 0x1C: return "pointer authentication";
    case 0x20:
    case 0x21: return "instruction abort";
    case 0x22: return "PC alignment";
    case 0x24:
    case 0x25: return "data abort";
    case 0x26: return "SP alignment";
    case 0x2C: return "floating point";
    case 0x30:
    case 0x31: return "breakpoint";
    case 0x32:
    case 0x33: return "single step";
    case 0x34:
    case 0x35: return "watchpoint";
    case 0x3C: return "BRK instruction";
    default: return "reserved";
    }
}

/* The name and value of the exception's cause. */
#define EXCEPTION_CODE "syndrome"
static inline uint64_t exception_code(const struct exception_frame *frame) {
    return frame->syndrome;
}

/* Whether the exception has an address: aborts, PC alignment faults and watchpoints do. */
static inline bool exception_has_address(const struct exception_frame *frame) {
    uint64_t number = exception_number(frame);
    return frame->vector % 4 == 0
        && ((number >= 0x20 && number <= 0x25) || number == 0x34 || number == 0x35);
}

static inline uint64_t exception_address(const struct exception_frame *frame) {
    return frame->fault_address;
}

#endif
