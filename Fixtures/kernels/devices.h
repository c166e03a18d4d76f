// The devices whose state at entry a boot protocol defines: PIC, IOAPIC and local APIC on x86-64.
// On AArch64, the serial port, which no boot protocol but ours maps.
#pragma once
#include "lines.h"
#include "mapping_list.h"
#include "processor_state.h"

#if defined(__aarch64__)
// Maps the first GiB as device memory in the lower half, for this processor.
static inline void prepare_serial_port(void) {
    static uint64_t tables[2][512] __attribute__((aligned(4096)));
    uint64_t types;
    __asm__ volatile("mrs %0, MAIR_EL1" : "=r"(types));
    types &= ~(0xFFull << 56);
    tables[0][0] = physical_address(tables[1]) | 3;
    tables[1][0] = 1ull << 54 | 1 << 10 | 7 << 2 | 1;
    __asm__ volatile(
        "msr MAIR_EL1, %0\n\tmsr TTBR0_EL1, %1\n\tisb\n\ttlbi VMALLE1\n\tdsb SY\n\tisb"
        : : "r"(types), "r"(physical_address(tables[0])) : "memory");
}

static inline void map_controllers(void) {}

static inline void print_interrupt_controllers(void) {}

static inline void print_local_controller(void) {}
#else
static inline uint8_t port_read(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline void prepare_serial_port(void) {}

#define IOAPIC 0xFEC00000ull
#define LOCAL_APIC 0xFEE00000ull

// Maps the IOAPIC and the local APIC at their addresses, unless they are mapped.
static inline void map_controllers(void) {
    static uint64_t tables[3][512] __attribute__((aligned(4096)));
    if (physical_address((const void *)LOCAL_APIC) == LOCAL_APIC) {
        return;
    }
    uint64_t *table = (uint64_t *)page_table(listed_root());
    for (int level = top_level; level > 2; level--) {
        uint64_t *next = tables[level - 3];
        table[LOCAL_APIC >> (3 + 9 * level) & 511] = physical_address(next) | 3;
        table = next;
    }
    table[IOAPIC >> 21 & 511] = IOAPIC | 0x93;
    table[LOCAL_APIC >> 21 & 511] = LOCAL_APIC | 0x93;
}

static inline void print_interrupt_controllers(void) {
    volatile uint32_t *ioapic = (volatile uint32_t *)IOAPIC;
    line("pic masks", (uint64_t)port_read(0xA1) << 8 | port_read(0x21));
    ioapic[0] = 1;
    uint32_t count = (ioapic[4] >> 16 & 255) + 1;
    for (uint32_t i = 0; i < count; i++) {
        ioapic[0] = 0x10 + 2 * i;
        uint64_t low = ioapic[4];
        ioapic[0] = 0x11 + 2 * i;
        start_line("ioapic");
        add_number((uint64_t)ioapic[4] << 32 | low);
        end_line();
    }
}

static inline uint64_t read_local_apic(uint32_t offset) {
    int is_x2apic = (read_msr(0x1B) & 1 << 10) != 0;
    return is_x2apic ? read_msr(0x800 + offset / 16)
                     : ((volatile uint32_t *)LOCAL_APIC)[offset / 4];
}

static inline void print_local_controller(void) {
    static const struct {
        const char *name;
        uint32_t offset;
    } registers[] = {
        {"apic tpr", 0x80}, {"apic svr", 0xF0}, {"apic lvt timer", 0x320},
        {"apic lvt thermal", 0x330}, {"apic lvt performance", 0x340}, {"apic lvt lint0", 0x350},
        {"apic lvt lint1", 0x360}, {"apic lvt error", 0x370},
    };
    line("apic base", read_msr(0x1B));
    for (unsigned i = 0; i < sizeof registers / sizeof registers[0]; i++) {
        line(registers[i].name, read_local_apic(registers[i].offset));
    }
}
#endif
