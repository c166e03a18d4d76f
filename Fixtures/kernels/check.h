// Checks with one serial line each, and a walk of the kernel's page tables.
#pragma once
#include "serial.h"

static int failures;

static inline void check(int holds, const char *what) {
    print(holds ? "ok " : "FAILED ");
    print(what);
    print("\n");
    failures += !holds;
}

static inline void report(const char *what, uint64_t value) {
    print(what);
    print(" at ");
    print_number(value);
    print("\n");
}

// The permissions of an entry, as x86-64's bits.
enum { PAGE_PRESENT = 1, PAGE_WRITABLE = 2 };
#define PAGE_NO_EXECUTE (1ull << 63)

#if defined(__aarch64__)
#define PAGE_ADDRESS 0x0000FFFFFFFFF000ull

static inline uint64_t page_table_root(uint64_t virtual) {
    uint64_t lower, upper;
    __asm__ volatile("mrs %0, TTBR0_EL1\n\tmrs %1, TTBR1_EL1" : "=r"(lower), "=r"(upper));
    return virtual >> 63 == 0 ? lower : upper;
}

static inline int leads_to_table(uint64_t entry) { return (entry & 3) == 3; }

static inline int is_large_page(uint64_t entry) { return (entry & 3) == 1; }

static inline uint64_t page_rights(uint64_t entry) {
    return (entry & 1) == 0 ? 0
                            : PAGE_PRESENT | ((entry & 1 << 7) == 0 ? PAGE_WRITABLE : 0)
            | ((entry >> 53 & 1) != 0 ? PAGE_NO_EXECUTE : 0);
}
#else
#define PAGE_ADDRESS 0x000FFFFFFFFFF000ull

static inline uint64_t page_table_root(uint64_t virtual) {
    (void)virtual;
    uint64_t root;
    __asm__ volatile("mov %%cr3, %0" : "=r"(root));
    return root;
}

static inline int leads_to_table(uint64_t entry) { return (entry & 0x81) == 1; }

static inline int is_large_page(uint64_t entry) { return (entry & 0x80) != 0; }

static inline uint64_t page_rights(uint64_t entry) {
    return entry & (PAGE_PRESENT | PAGE_WRITABLE | PAGE_NO_EXECUTE);
}
#endif

// Returns the page-table entry of an address, read through the mapping of physical memory; zero if
// the address is not mapped.
static inline uint64_t page_table_entry(uint64_t physical_offset, const volatile void *address) {
    uint64_t virtual = (uint64_t)address, entry = page_table_root(virtual);
    for (int shift = 39; shift >= 12; shift -= 9) {
        const uint64_t *table = (const uint64_t *)(physical_offset + (entry & PAGE_ADDRESS));
        entry = table[virtual >> shift & 511];
        if (!leads_to_table(entry)) {
            break;
        }
    }
    return entry;
}

static inline uint64_t rights_of_page(uint64_t physical_offset, const volatile void *address) {
    return page_rights(page_table_entry(physical_offset, address));
}
