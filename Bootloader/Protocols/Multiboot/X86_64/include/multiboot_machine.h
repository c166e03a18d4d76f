// The page in which the processor leaves 64-bit mode, puts the kernel where it belongs and starts
// it (entry.S): code, then segment descriptors, then these numbers, of 4 bytes each.
#ifndef MULTIBOOT_MACHINE_H
#define MULTIBOOT_MACHINE_H

#define MULTIBOOT_ENTRY_NUMBERS 0x200
#define MULTIBOOT_ENTRY_START (MULTIBOOT_ENTRY_NUMBERS + 0)
#define MULTIBOOT_ENTRY_MAGIC (MULTIBOOT_ENTRY_NUMBERS + 4)
#define MULTIBOOT_ENTRY_INFORMATION (MULTIBOOT_ENTRY_NUMBERS + 8)
#define MULTIBOOT_ENTRY_MOVE_COUNT (MULTIBOOT_ENTRY_NUMBERS + 12)
// The moves: target, source, bytes to copy, bytes to clear behind them.
#define MULTIBOOT_ENTRY_MOVES (MULTIBOOT_ENTRY_NUMBERS + 16)
#define MULTIBOOT_ENTRY_MOVE_SIZE 16

#ifndef __ASSEMBLER__
#include <stdint.h>

extern const uint8_t multiboot_entry_start[];
extern const uint8_t multiboot_entry_end[];

static inline uint64_t multiboot_entry_address(void) { return (uint64_t)multiboot_entry_start; }
static inline uint64_t multiboot_entry_size(void) {
    return (uint64_t)(multiboot_entry_end - multiboot_entry_start);
}

// Continues in the page.
static inline void multiboot_enter(uint64_t page) {
    __asm__ volatile("cli\n\tjmp *%0" : : "b"(page) : "memory");
    __builtin_unreachable();
}

// Calls a kernel's entry for UEFI, with boot services (Multiboot2, section 3.5).
static inline void multiboot_enter_efi(uint64_t entry, uint64_t magic, uint64_t information) {
    __asm__ volatile(
        "xor %%ecx, %%ecx\n\t"
        "xor %%edx, %%edx\n\t"
        "jmp *%%rsi"
        : : "S"(entry), "a"(magic), "b"(information) : "memory");
    __builtin_unreachable();
}
#endif

#endif
