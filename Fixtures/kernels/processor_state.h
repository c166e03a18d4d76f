// A processor's control registers and tables, which the compiler's code leaves as they are.
#pragma once
#include "lines.h"

#if defined(__aarch64__)
#define PRINT_SYSTEM_REGISTER(name, register) \
    do { \
        uint64_t value_; \
        __asm__ volatile("mrs %0, " register : "=r"(value_)); \
        line(name, value_); \
    } while (0)

// The registers' names as at EL1; with E2H, at EL2 they are those of EL2.
static inline void print_processor_state(void) {
    PRINT_SYSTEM_REGISTER("currentel", "CurrentEL");
    PRINT_SYSTEM_REGISTER("daif", "DAIF");
    PRINT_SYSTEM_REGISTER("spsel", "SPSel");
    PRINT_SYSTEM_REGISTER("sctlr", "SCTLR_EL1");
    PRINT_SYSTEM_REGISTER("tcr", "TCR_EL1");
    PRINT_SYSTEM_REGISTER("mair", "MAIR_EL1");
    PRINT_SYSTEM_REGISTER("ttbr0", "TTBR0_EL1");
    PRINT_SYSTEM_REGISTER("ttbr1", "TTBR1_EL1");
    PRINT_SYSTEM_REGISTER("cpacr", "CPACR_EL1");
    PRINT_SYSTEM_REGISTER("vbar", "VBAR_EL1");
    uint64_t level;
    __asm__ volatile("mrs %0, CurrentEL" : "=r"(level));
    if (level == 2 << 2) {
        PRINT_SYSTEM_REGISTER("hcr", "HCR_EL2");
        PRINT_SYSTEM_REGISTER("cptr", "CPTR_EL2");
        PRINT_SYSTEM_REGISTER("cnthctl", "CNTHCTL_EL2");
        PRINT_SYSTEM_REGISTER("hstr", "HSTR_EL2");
    }
}
#else
struct __attribute__((packed)) descriptor_table {
    uint16_t limit;
    uint64_t base;
};

static inline uint64_t read_msr(uint32_t number) {
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return (uint64_t)high << 32 | low;
}

#define PRINT_CONTROL_REGISTER(name) \
    do { \
        uint64_t value_; \
        __asm__ volatile("mov %%" name ", %0" : "=r"(value_)); \
        line(name, value_); \
    } while (0)

#define PRINT_SELECTOR(name, instruction) \
    do { \
        uint64_t value_; \
        __asm__ volatile(instruction : "=r"(value_)); \
        line(name, value_ & 0xFFFF); \
    } while (0)

static inline void print_processor_state(void) {
    PRINT_CONTROL_REGISTER("cr0");
    PRINT_CONTROL_REGISTER("cr3");
    PRINT_CONTROL_REGISTER("cr4");
    line("efer", read_msr(0xC0000080));
    PRINT_SELECTOR("cs", "mov %%cs, %0");
    PRINT_SELECTOR("ds", "mov %%ds, %0");
    PRINT_SELECTOR("es", "mov %%es, %0");
    PRINT_SELECTOR("fs", "mov %%fs, %0");
    PRINT_SELECTOR("gs", "mov %%gs, %0");
    PRINT_SELECTOR("ss", "mov %%ss, %0");
    PRINT_SELECTOR("tr", "str %0");
    PRINT_SELECTOR("ldtr", "sldt %0");
    struct descriptor_table gdt, idt;
    __asm__ volatile("sgdt %0\n\tsidt %1" : "=m"(gdt), "=m"(idt));
    line("gdt base", gdt.base);
    line("gdt limit", gdt.limit);
    for (int i = 0; i < 16 && i * 8 < gdt.limit; i++) {
        start_line("descriptor");
        add_number(((const uint64_t *)gdt.base)[i]);
        end_line();
    }
    line("idt base", idt.base);
    line("idt limit", idt.limit);
    line("fs base", read_msr(0xC0000100));
    line("gs base", read_msr(0xC0000101));
    line("pat", read_msr(0x277));
}
#endif
