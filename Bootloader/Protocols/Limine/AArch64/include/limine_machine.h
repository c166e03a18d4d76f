// The page in which each processor changes to the state that the Limine protocol promises
// (entry.S): code, then these numbers.
#ifndef LIMINE_MACHINE_H
#define LIMINE_MACHINE_H

#define LIMINE_ENTRY_NUMBERS 0x280

// Offsets of the numbers, of 8 bytes each.
#define LIMINE_ENTRY_PAGE_TABLE (LIMINE_ENTRY_NUMBERS + 0)
// Of the first processor, virtual.
#define LIMINE_ENTRY_STACK (LIMINE_ENTRY_NUMBERS + 8)
#define LIMINE_ENTRY_START (LIMINE_ENTRY_NUMBERS + 16)
#define LIMINE_ENTRY_REVISION (LIMINE_ENTRY_NUMBERS + 24)
// Of the processor that is being started: its information and its stack, virtual.
#define LIMINE_ENTRY_AP_INFO (LIMINE_ENTRY_NUMBERS + 32)
#define LIMINE_ENTRY_AP_STACK (LIMINE_ENTRY_NUMBERS + 40)
// That processor sets it once it waits; the address is virtual.
#define LIMINE_ENTRY_AP_WAITS (LIMINE_ENTRY_NUMBERS + 48)
#define LIMINE_ENTRY_AP_WAITS_ADDRESS (LIMINE_ENTRY_NUMBERS + 56)

#ifndef __ASSEMBLER__
#include <stdint.h>

extern const uint8_t limine_entry_start[];
extern const uint8_t limine_entry_end[];

static inline uint64_t limine_entry_address(void) { return (uint64_t)limine_entry_start; }
static inline uint64_t limine_entry_size(void) {
    return (uint64_t)(limine_entry_end - limine_entry_start);
}

// Continues in the page, on the first processor.
static inline void limine_enter(uint64_t page) {
    register uint64_t x19 __asm__("x19") = page;
    register uint64_t entry __asm__("x1") = page + 4;
    __asm__ volatile("msr DAIFSet, #15\n\tbr x1" : : "r"(x19), "r"(entry) : "memory");
    __builtin_unreachable();
}
#endif

#endif
