// The page in which the processor turns the MMU off, puts the kernel where it belongs and starts it
// (entry.S): code, these numbers of 8 bytes each, and the vectors of EL2.
#ifndef IMAGE_MACHINE_H
#define IMAGE_MACHINE_H

#define IMAGE_ENTRY_NUMBERS 0x200
#define IMAGE_ENTRY_START (IMAGE_ENTRY_NUMBERS + 0)
#define IMAGE_ENTRY_DEVICE_TREE (IMAGE_ENTRY_NUMBERS + 8)
// The exception level at which the kernel starts: 1 or 2.
#define IMAGE_ENTRY_LEVEL (IMAGE_ENTRY_NUMBERS + 16)
#define IMAGE_ENTRY_MOVE_COUNT (IMAGE_ENTRY_NUMBERS + 24)
// The moves: target, source, bytes to copy, bytes to clear behind them.
#define IMAGE_ENTRY_MOVES (IMAGE_ENTRY_NUMBERS + 32)
#define IMAGE_ENTRY_MOVE_SIZE 32
#define IMAGE_ENTRY_VECTORS 0x800
// What a lower level's HVC runs at EL2 (Arm ARM, table D1-6).
#define IMAGE_ENTRY_HVC (IMAGE_ENTRY_VECTORS + 0x400)

#ifndef __ASSEMBLER__
#include <stdint.h>

// SMC #0 and ERET: PSCI is behind either instruction then.
static const uint64_t image_entry_hvc_code = UINT64_C(0xD69F03E0D4000003);

extern const uint8_t image_entry_start[];
extern const uint8_t image_entry_end[];

static inline uint64_t image_entry_address(void) { return (uint64_t)image_entry_start; }
static inline uint64_t image_entry_size(void) {
    return (uint64_t)(image_entry_end - image_entry_start);
}

// Continues in the page.
static inline void image_enter(uint64_t page) {
    register uint64_t x19 __asm__("x19") = page;
    __asm__ volatile("msr DAIFSet, #15\n\tbr x19" : : "r"(x19) : "memory");
    __builtin_unreachable();
}
#endif

#endif
