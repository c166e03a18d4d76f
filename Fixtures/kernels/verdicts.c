// Kernels with every ending that `bootimage test` distinguishes, one for each -DENDING=….
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
#define UNDEFINED 9
#define CALL_NOTHING 10
#define STUCK_HANDLER 11
#define FAULTY_HANDLER 12
#define BREAKPOINT 13
#define LARGE_FRAMES 14

void _start(void);

// Reads an unmapped address, without exception handlers.
__attribute__((noinline, unused)) static uint64_t read_the_void(void) {
    return *(volatile uint64_t *)0x123456789000;
}

// Recurses until the stack overflows; `stop` is never set.
__attribute__((noinline, unused)) static int overflow(volatile int *stop) {
    volatile int next = *stop;
    return next ? 0 : overflow(&next) + next;
}

// The same with frames of 8 KiB, of which only the start is used.
__attribute__((noinline, unused)) static int overflow_widely(volatile int *stop) {
    volatile int next[2048];
    next[0] = *stop;
    return next[0] ? 0 : overflow_widely(next) + next[0];
}

// Executes an undefined instruction.
__attribute__((noinline, unused)) static void run_undefined(void) {
#if defined(__aarch64__)
    __asm__ volatile("udf #0");
#else
    __asm__ volatile("ud2");
#endif
}

// Calls the function at address 0; the message keeps it from being a tail call.
__attribute__((noinline, unused)) static void call_nothing(void) {
    void (*volatile nothing)(void) = 0;
    nothing();
    print("kernel: nothing has returned\n");
}

#if ENDING == STUCK_HANDLER || ENDING == FAULTY_HANDLER
// Vectors that all lead to one handler, which waits forever or first uses the stack, which may have
// overflowed.
__asm__(".balign 2048\n"
        "vectors: .rept 16\n"
        ".balign 128\n"
        "b on_exception\n"
        ".endr\n"
        ".type on_exception, %function\n"
        "on_exception:\n"
#if ENDING == FAULTY_HANDLER
        "sub sp, sp, #0x110\n"
        "stp x0, x1, [sp]\n"
#endif
        "1: wfi\n"
        "b 1b\n");

static void set_vectors(void) {
    __asm__ volatile("adr x9, vectors\n msr vbar_el1, x9\n isb" : : : "x9");
}
#endif

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
#elif ENDING == BREAKPOINT
    __asm__ volatile("int3");
#elif ENDING == LARGE_FRAMES
    volatile int stop = 0;
    overflow_widely(&stop);
#elif ENDING == UNDEFINED
    run_undefined();
#elif ENDING == CALL_NOTHING
    call_nothing();
#elif ENDING == STUCK_HANDLER
    set_vectors();
    read_the_void();
#elif ENDING == FAULTY_HANDLER
    set_vectors();
    volatile int stop = 0;
    overflow(&stop);
#endif
    for (;;) {
        pause_forever();
    }
}
