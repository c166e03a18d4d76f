// COM1 and QEMU's debug exit.
#pragma once
#include <stdint.h>

static inline void port_write(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline void print(const char *text) {
    for (; *text != 0; text++) {
        port_write(0x3F8, (uint8_t)*text);
    }
}

static inline void print_number(uint64_t value) {
    print("0x");
    for (int shift = 60; shift >= 0; shift -= 4) {
        port_write(0x3F8, (uint8_t)"0123456789abcdef"[value >> shift & 15]);
    }
}

static inline void finish(int success) {
    port_write(0xF4, success ? 0x10 : 0x11);
    for (;;) {
        __asm__ volatile("hlt");
    }
}
