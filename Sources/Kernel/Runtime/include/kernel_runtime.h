// x86-64 instructions for the kernel, and the addresses of its exception stubs.
#ifndef KERNEL_RUNTIME_H
#define KERNEL_RUNTIME_H

#include <stdint.h>

static inline void port_write(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

// Waits for interrupts, of which there are none: the kernel's end.
static inline void halt_forever(void) {
    for (;;) {
        __asm__ volatile("cli; hlt");
    }
}

// What an exception stub leaves on the stack (Intel SDM 3A, section 6.14).
struct exception_frame {
    uint64_t vector;
    uint64_t error_code;
    uint64_t instruction_pointer;
};

// Lets every processor exception call kernel_exception, which the kernel defines.
void install_exception_handlers(void);

#endif
