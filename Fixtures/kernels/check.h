// Checks, a serial line for each, and a look at the kernel's own page tables.
#pragma once
#include "serial.h"

static int failures;

static inline void check(int holds, const char *what) {
    print(holds ? "ok " : "FAILED ");
    print(what);
    print("\n");
    failures += !holds;
}

static inline void tell(const char *what, uint64_t value) {
    print(what);
    print(" at ");
    print_number(value);
    print("\n");
}

enum { PAGE_PRESENT = 1, PAGE_WRITABLE = 2, PAGE_LARGE = 0x80 };
#define PAGE_NO_EXECUTE (1ull << 63)
#define PAGE_ADDRESS 0x000FFFFFFFFFF000ull

// The page-table entry for an address, read where the physical memory is mapped; zero where
// nothing is.
static inline uint64_t page_table_entry(uint64_t physical_offset, const volatile void *address) {
    uint64_t virtual = (uint64_t)address, entry;
    __asm__ volatile("mov %%cr3, %0" : "=r"(entry));
    for (int shift = 39; shift >= 12; shift -= 9) {
        const uint64_t *table = (const uint64_t *)(physical_offset + (entry & PAGE_ADDRESS));
        entry = table[virtual >> shift & 511];
        if ((entry & PAGE_PRESENT) == 0 || (entry & PAGE_LARGE) != 0) {
            return entry;
        }
    }
    return entry;
}
