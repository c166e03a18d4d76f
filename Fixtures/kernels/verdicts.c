// Kernels that end in each way that `bootimage test` tells apart: one for each -DENDING=….
#include "serial.h"

#define PASS 0
#define FAIL 1
#define HANG 2
#define PAGE_FAULT 3
#define STACK_OVERFLOW 4
#define RESET 5
#define PANIC_DEVICE 6
#define PANIC_TEXT 7
#define EXIT 8

void _start(void);

// Reads through an address that is mapped nowhere, without a table of interrupts to tell of it.
__attribute__((noinline, unused)) static uint64_t read_the_void(void) {
    return *(volatile uint64_t *)0x123456789000;
}

// Calls itself until the page below the stack, unless somebody stops it, which nobody does.
__attribute__((noinline, unused)) static int overflow(volatile int *stop) {
    volatile int next = *stop;
    return next ? 0 : overflow(&next) + next;
}

void _start(void) {
    print("kernel: started\n");
#if ENDING == PASS
    finish(1);
#elif ENDING == FAIL
    print("kernel: 2 + 2 is 5\n");
    finish(0);
#elif ENDING == PAGE_FAULT
    read_the_void();
#elif ENDING == STACK_OVERFLOW
    volatile int stop = 0;
    overflow(&stop);
#elif ENDING == RESET
    // The reset control register of Intel's chipsets: reset CPU, hard.
    port_write(0xCF9, 0x06);
#elif ENDING == PANIC_DEVICE
    port_write(0x505, 1);
#elif ENDING == PANIC_TEXT
    print("Kernel panic: nothing works\n");
    finish(0);
#elif ENDING == EXIT
    port_write(0xF4, CODE);
#endif
    for (;;) {
        __asm__ volatile("hlt");
    }
}
