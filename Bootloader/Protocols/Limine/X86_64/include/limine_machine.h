// The page in which each processor changes to the state that the Limine protocol promises
// (entry.S): code, then segment descriptors, then these numbers.
#ifndef LIMINE_MACHINE_H
#define LIMINE_MACHINE_H

#define LIMINE_ENTRY_GDT 0x240
#define LIMINE_ENTRY_NUMBERS 0x288

// Offsets of the numbers, of 8 bytes each.
#define LIMINE_ENTRY_PAGE_TABLE (LIMINE_ENTRY_NUMBERS + 0)
#define LIMINE_ENTRY_CR4 (LIMINE_ENTRY_NUMBERS + 8)
// The virtual address of physical address 0.
#define LIMINE_ENTRY_HHDM (LIMINE_ENTRY_NUMBERS + 16)
// Of the first processor, virtual.
#define LIMINE_ENTRY_STACK (LIMINE_ENTRY_NUMBERS + 24)
#define LIMINE_ENTRY_START (LIMINE_ENTRY_NUMBERS + 32)
// Whether the lower half stays mapped.
#define LIMINE_ENTRY_KEEPS_IDENTITY (LIMINE_ENTRY_NUMBERS + 40)
// Of the processor that is being started: its information and its stack, virtual.
#define LIMINE_ENTRY_AP_INFO (LIMINE_ENTRY_NUMBERS + 48)
#define LIMINE_ENTRY_AP_STACK (LIMINE_ENTRY_NUMBERS + 56)
// That processor sets it once it waits.
#define LIMINE_ENTRY_AP_WAITS (LIMINE_ENTRY_NUMBERS + 64)
// IA32_APIC_BASE for each processor.
#define LIMINE_ENTRY_APIC_BASE (LIMINE_ENTRY_NUMBERS + 72)
// Entries for LINT0 (in the lower half) and LINT1; 0 leaves an entry as it is.
#define LIMINE_ENTRY_LINT (LIMINE_ENTRY_NUMBERS + 80)

// A far pointer to the code's 32-bit part, and a pseudo-descriptor of 10 bytes for the table.
#define LIMINE_ENTRY_PROTECTED_MODE (LIMINE_ENTRY_NUMBERS + 88)
#define LIMINE_ENTRY_GDT_POINTER (LIMINE_ENTRY_NUMBERS + 96)
#define LIMINE_ENTRY_GDT_LIMIT 71
#define LIMINE_ENTRY_CODE32 0x18
// Of a short stack in the page.
#define LIMINE_ENTRY_STACK_TOP 0x1000

#ifndef __ASSEMBLER__
#include <stdint.h>

extern const uint8_t limine_entry_start[];
extern const uint8_t limine_entry_protected_mode[];
extern const uint8_t limine_entry_end[];

static inline uint64_t limine_entry_address(void) { return (uint64_t)limine_entry_start; }
static inline uint64_t limine_entry_size(void) {
    return (uint64_t)(limine_entry_end - limine_entry_start);
}

static inline uint64_t limine_entry_protected_mode_offset(void) {
    return (uint64_t)(limine_entry_protected_mode - limine_entry_start);
}

// Continues in the page, on the first processor.
static inline void limine_enter(uint64_t page) {
    __asm__ volatile("cli\n\tjmp *%1" : : "b"(page), "r"(page + 8) : "memory");
    __builtin_unreachable();
}
#endif

#endif
