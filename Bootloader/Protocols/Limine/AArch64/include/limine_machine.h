// The page in which each processor changes to the state that the Limine protocol promises
// (entry.S): code, then these numbers.
#ifndef LIMINE_MACHINE_H
#define LIMINE_MACHINE_H

#define LIMINE_ENTRY_NUMBERS 0xE00

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

static inline uint64_t processor_affinity(void) {
    uint64_t value;
    __asm__ volatile("mrs %0, MPIDR_EL1" : "=r"(value));
    return value & 0xFF00FFFFFF;
}

static inline uint64_t counter_frequency(void) {
    uint64_t value;
    __asm__ volatile("mrs %0, CNTFRQ_EL0" : "=r"(value));
    return value;
}

static inline uint64_t load_acquiring(uint64_t address) {
    return __atomic_load_n((const uint64_t *)address, __ATOMIC_ACQUIRE);
}

static inline void yield_processor(void) { __asm__ volatile("yield"); }

// Starts a processor at a physical address by PSCI's CPU_ON (ARM DEN 0022, section 5.6), which the
// exception level above this one implements; returns 0 if that succeeds.
static inline int64_t start_processor(uint64_t affinity, uint64_t address) {
    register uint64_t x0 __asm__("x0") = 0xC4000003;
    register uint64_t x1 __asm__("x1") = affinity;
    register uint64_t x2 __asm__("x2") = address;
    register uint64_t x3 __asm__("x3") = address;
    uint64_t level;
    __asm__ volatile("mrs %0, CurrentEL" : "=r"(level));
    if (level >> 2 == 2) {
        __asm__ volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
    } else {
        __asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
    }
    return (int64_t)x0;
}
#endif

#endif
