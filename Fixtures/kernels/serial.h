// Serial port and exit: COM1 and isa-debug-exit on x86-64; on AArch64 the PL011 of QEMU's virt,
// which the loader identity-maps, and semihosting.
#pragma once
#include <stdint.h>

#if defined(__aarch64__)
static inline void put(uint8_t character) { *(volatile uint32_t *)0x09000000 = character; }

// Ends QEMU with the same status as isa-debug-exit for this value.
static inline void end_machine(uint8_t value) {
    const uint64_t block[2] = {0x20026, (uint64_t)value << 1 | 1};
    register uint64_t operation __asm__("x0") = 0x20; // SYS_EXIT_EXTENDED
    register const uint64_t *parameter __asm__("x1") = block;
    __asm__ volatile("hlt #0xF000" : "+r"(operation) : "r"(parameter) : "memory");
}

static inline void pause_forever(void) { __asm__ volatile("wfi"); }
#else
static inline void port_write(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void put(uint8_t character) { port_write(0x3F8, character); }

static inline void end_machine(uint8_t value) { port_write(0xF4, value); }

static inline void pause_forever(void) { __asm__ volatile("hlt"); }
#endif

static inline void print(const char *text) {
    for (; *text != 0; text++) {
        put((uint8_t)*text);
    }
}

static inline void print_number(uint64_t value) {
    print("0x");
    for (int shift = 60; shift >= 0; shift -= 4) {
        put((uint8_t)"0123456789abcdef"[value >> shift & 15]);
    }
}

static inline void finish(int success) {
    end_machine(success ? 0x10 : 0x11);
    for (;;) {
        pause_forever();
    }
}
