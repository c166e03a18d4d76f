// A kernel for a Raspberry Pi 3 as its firmware and QEMU's raspi3b start it: at EL2 with the MMU
// off, all processors at once. It prints on both serial ports and draws on the screen.
//
// -DSTATUS=n: ends QEMU with that status (default 0)
// -DFAULT: executes an undefined instruction instead
// -DHANG: waits forever instead
// -DPANIC: prints a panic, and ends QEMU with 1
// -DIMAGE_HEADER=n: starts with an arm64 Image header whose text_offset is n
#include <stdint.h>

#ifndef STATUS
#define STATUS 0
#endif

// BCM2835 ARM Peripherals, 1.2.3: physical addresses of the Pi 3.
#define PERIPHERALS 0x3F000000u
#define REGISTER(offset) (*(volatile uint32_t *)(uintptr_t)(PERIPHERALS + (offset)))

#ifdef IMAGE_HEADER
#define STRING_(number) #number
#define STRING(number) STRING_(number)
__asm__(".section .text.start, \"ax\"\n"
        ".globl _start\n"
        "_start: b enter\n"
        "  .long 0\n"
        "  .quad " STRING(IMAGE_HEADER) "\n" // text_offset
        "  .quad stack_end - _start\n"
        "  .quad 0xA\n" // 4 KiB pages, anywhere
        "  .quad 0, 0, 0\n"
        "  .ascii \"ARM\\x64\"\n"
        "  .long 0\n");
#else
__asm__(".section .text.start, \"ax\"\n"
        ".globl _start\n"
        "_start: b enter\n");
#endif

__asm__(".section .text.start, \"ax\"\n"
        "enter:\n"
        "  mrs x1, mpidr_el1\n"
        "  tst x1, #3\n"
        "  b.ne park\n"
        "  mov x19, x0\n"
        "  mrs x20, CurrentEL\n"
        "  lsr x20, x20, #2\n"
        "  cmp x20, #2\n"
        "  b.ne at_el1\n"
        "  mov x1, #1 << 31\n" // HCR_EL2.RW
        "  msr hcr_el2, x1\n"
        "  mov x1, #0x3C5\n" // EL1h, all exceptions masked
        "  msr spsr_el2, x1\n"
        "  adr x1, at_el1\n"
        "  msr elr_el2, x1\n"
        "  eret\n"
        "at_el1:\n"
        "  adrp x1, stack_end\n"
        "  add x1, x1, :lo12:stack_end\n"
        "  mov sp, x1\n"
        "  adrp x1, bss_start\n"
        "  add x1, x1, :lo12:bss_start\n"
        "  adrp x2, bss_end\n"
        "  add x2, x2, :lo12:bss_end\n"
        "1: cmp x1, x2\n"
        "  b.hs 2f\n"
        "  stp xzr, xzr, [x1], #16\n"
        "  b 1b\n"
        "2: mov x0, x19\n"
        "  mov x1, x20\n"
        "  bl run\n"
        "park:\n"
        "  wfe\n"
        "  b park\n");

__attribute__((unused)) static void end(uint64_t status)
{
    // ADP_Stopped_ApplicationExit, by SYS_EXIT_EXTENDED (Semihosting for AArch32 and AArch64).
    static volatile uint64_t block[2];
    block[0] = 0x20026;
    block[1] = status;
    register uint64_t operation __asm__("x0") = 0x20;
    register uint64_t parameter __asm__("x1") = (uint64_t)block;
    __asm__ volatile("hlt #0xf000" : "+r"(operation) : "r"(parameter) : "memory");
}

static void put_pl011(char c)
{
    while (REGISTER(0x201018) & 1 << 5) {}
    REGISTER(0x201000) = c;
}

static void put_mini(char c)
{
    while (!(REGISTER(0x215054) & 1 << 5)) {}
    REGISTER(0x215040) = c;
}

static void print(void (*put)(char), const char *text)
{
    for (; *text; text++) put(*text);
}

static void print_hex(void (*put)(char), uint64_t number)
{
    print(put, "0x");
    for (int shift = 60; shift >= 0; shift -= 4) {
        uint64_t digit = number >> shift & 15;
        put(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
}

#define WIDTH 320
#define HEIGHT 200

// The mailbox property interface: size and depth of the screen, and its memory.
static uint32_t *screen(void)
{
    static volatile uint32_t message[35] __attribute__((aligned(16)));
    uint32_t tags[] = {
        0x48003, 8, 0, WIDTH, HEIGHT, 0x48004, 8, 0, WIDTH, HEIGHT, 0x48005, 4, 0, 32,
        0x40001, 8, 0, 4096, 0, 0,
    };
    uint32_t count = sizeof tags / sizeof tags[0];
    message[0] = (count + 2) * 4;
    message[1] = 0;
    for (uint32_t i = 0; i < count; i++) message[i + 2] = tags[i];
    while (REGISTER(0xB8B8) >> 31) {}
    REGISTER(0xB8A0) = (uint32_t)(uintptr_t)message | 8;
    while (REGISTER(0xB898) >> 30 & 1) {}
    (void)REGISTER(0xB880);
    return (uint32_t *)(uintptr_t)(message[19] & 0x3FFFFFFF);
}

static const char *names[] = {"blue", "white"};
static uint32_t zero[4];

__attribute__((used)) void run(uint64_t device_tree, uint64_t level)
{
    REGISTER(0x215004) |= 1;    // AUX_ENABLES
    REGISTER(0x215060) = 3;     // AUX_MU_CNTL_REG
    REGISTER(0x21504C) = 3;     // AUX_MU_LCR_REG
    print(put_pl011, "kernel: started at EL");
    put_pl011('0' + level);
    print(put_pl011, "\nload address: ");
    extern char _start[];
    print_hex(put_pl011, (uint64_t)_start);
    print(put_pl011, device_tree ? "\ndevice tree: yes" : "\ndevice tree: no");
    print(put_pl011, zero[0] | zero[3] ? "\nbss: not zero\n" : "\nbss: zero\n");
    print(put_mini, "mini: ");
    print(put_mini, names[1]);
    print(put_mini, "\n");

    uint32_t *pixels = screen();
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            pixels[y * WIDTH + x] = x < WIDTH / 2 ? 0xFF2040C0 : 0xFFFFFFFF;
    print(put_pl011, "screen: drawn\n");
#if defined FAULT
    __asm__ volatile("udf #0");
#elif defined PANIC
    print(put_pl011, "Kernel panic: nothing works\n");
    end(1);
#elif !defined HANG
    end(STATUS);
#endif
}
