// AArch64 instructions that Swift cannot express, and the jump to the kernel.
#ifndef MACHINE_H
#define MACHINE_H

// Offsets in struct handoff_numbers and in struct boot_processor, for handoff.S.
#define HANDOFF_PAGE_TABLE 0
#define HANDOFF_PROCESSOR 8
#define HANDOFF_STACK_TOP 16
#define BOOT_PROCESSOR_ENTRY 16
#define BOOT_PROCESSOR_IS_PARKED 32

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

// The exception level at which the loader runs: 1 or 2.
static inline uint64_t exception_level(void) {
    uint64_t value;
    __asm__ volatile("mrs %0, CurrentEL" : "=r"(value));
    return value >> 2;
}

// Whether the firmware has mapped an address as device memory: AT looks it up and PAR_EL1 has the
// result.
static inline int is_device(uint64_t address) {
    uint64_t result;
    if (exception_level() == 2) {
        __asm__ volatile("at s1e2r, %0" : : "r"(address));
    } else {
        __asm__ volatile("at s1e1r, %0" : : "r"(address));
    }
    __asm__ volatile("isb\n\tmrs %0, PAR_EL1" : "=r"(result));
    return (result & 1) == 0 && result >> 60 == 0; // no fault, and not an attribute of memory
}

// MPIDR's affinity fields.
static inline uint64_t processor_affinity(void) {
    uint64_t value;
    __asm__ volatile("mrs %0, MPIDR_EL1" : "=r"(value));
    return value & 0xFF00FFFFFF;
}

// Of the generic timer, in Hz.
static inline uint64_t counter_frequency(void) {
    uint64_t value;
    __asm__ volatile("mrs %0, CNTFRQ_EL0" : "=r"(value));
    return value;
}

static inline uint64_t read_counter(void) {
    uint64_t value;
    __asm__ volatile("isb\n\tmrs %0, CNTVCT_EL0" : "=r"(value));
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
    if (exception_level() == 2) {
        __asm__ volatile("smc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
    } else {
        __asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3) : : "memory");
    }
    return (int64_t)x0;
}

// Returns an unpredictable number: from RNDR if the processor has it (ID_AA64ISAR0_EL1, bits 60 to
// 63) and it succeeds, else from the counter, whose low bits depend on how long the firmware took.
static inline uint64_t random_number(void) {
    uint64_t features, value, valid;
    __asm__ volatile("mrs %0, ID_AA64ISAR0_EL1" : "=r"(features));
    for (int attempt = 0; features >> 60 != 0 && attempt < 10; attempt++) {
        __asm__ volatile("mrs %0, S3_3_C2_C4_0\n\tcset %1, ne"
                         : "=r"(value), "=r"(valid) : : "cc");
        if (valid != 0) {
            return value;
        }
    }
    __asm__ volatile("mrs %0, CNTVCT_EL0" : "=r"(value));
    return value * 0x9E3779B97F4A7C15u;
}

// Returns the index of the first of `count` words from `address` on that is `word`, or `count`.
static inline uint64_t find_word(uint64_t word, uint64_t address, uint64_t count) {
    uint64_t index = 0;
    while (index < count && *(const volatile uint64_t *)(address + 8 * index) != word) {
        index++;
    }
    return index;
}

// Returns how many of `count` words from `address` on are left up to the last one that is `word`; 0
// if there is none.
static inline uint64_t find_last_word(uint64_t word, uint64_t address, uint64_t count) {
    while (count > 0 && *(const volatile uint64_t *)(address + 8 * (count - 1)) != word) {
        count--;
    }
    return count;
}

// Resets the machine by PSCI's SYSTEM_RESET (ARM DEN 0022, section 5.11), which the exception level
// above this one implements.
static inline void reset_machine(void) {
    register uint64_t function __asm__("x0") = 0x84000009;
    if (exception_level() == 2) {
        __asm__ volatile("smc #0" : "+r"(function) : : "x1", "x2", "x3", "memory");
    } else {
        __asm__ volatile("hvc #0" : "+r"(function) : : "x1", "x2", "x3", "memory");
    }
}

// Ends QEMU with a status by semihosting (ARM 100863, SYS_EXIT_EXTENDED); causes an exception if
// semihosting is off.
static inline void semihosting_exit(uint64_t status) {
    const uint64_t block[2] = {0x20026, status}; // ADP_Stopped_ApplicationExit
    register uint64_t operation __asm__("x0") = 0x20;
    register const uint64_t *parameter __asm__("x1") = block;
    __asm__ volatile("hlt #0xF000" : "+r"(operation) : "r"(parameter) : "memory");
}

// Clears the word that a debugger sets; before the debugger learns of it, or the two would race.
static inline void clear_debugger_word(uint64_t address) { *(volatile uint64_t *)address = 0; }

// Waits until a debugger sets the word at `address` to another number than 0.
static inline void wait_for_debugger(uint64_t address) {
    volatile uint64_t *word = (volatile uint64_t *)address;
    while (*word == 0) {
        __asm__ volatile("yield");
    }
}

static inline void halt_forever(void) {
    for (;;) {
        __asm__ volatile("msr DAIFSet, #15\n\twfi");
    }
}

// Reads a device register of one byte or four.
static inline uint32_t read_device(uint64_t address, uint32_t byte_count) {
    return byte_count == 1 ? *(const volatile uint8_t *)address
                           : *(const volatile uint32_t *)address;
}

static inline void write_device(uint64_t address, uint32_t byte_count, uint32_t value) {
    if (byte_count == 1) {
        *(volatile uint8_t *)address = (uint8_t)value;
    } else {
        *(volatile uint32_t *)address = value;
    }
}

// Writes a range back from the data caches and drops it from them and from the instruction cache,
// so that it can be executed with any settings of MMU and caches.
static inline void clean_caches(uint64_t start, uint64_t end) {
    uint64_t type;
    __asm__ volatile("mrs %0, CTR_EL0" : "=r"(type));
    uint64_t line = UINT64_C(4) << (type >> 16 & 0xF);
    for (uint64_t address = start & ~(line - 1); address < end; address += line) {
        __asm__ volatile("dc civac, %0" : : "r"(address) : "memory");
    }
    __asm__ volatile("dsb sy\n\tic iallu\n\tdsb sy\n\tisb" : : : "memory");
}

// Makes synchronous exceptions call loader_exception; interrupts remain with the firmware. At
// `table` is a page of executable memory.
void install_exception_handlers(uint64_t table);

// Code that is copied to a page which both the loader and the kernel map at its physical address
// (handoff.S).
extern const uint8_t handoff_start[];
extern const uint8_t handoff_first[];
extern const uint8_t handoff_numbers[];
extern const uint8_t handoff_end[];

// What another processor finds in the page.
struct handoff_numbers {
    uint64_t page_table;
    uint64_t processor; // struct boot_processor, virtual
    uint64_t stack_top;
};
_Static_assert(offsetof(struct handoff_numbers, processor) == HANDOFF_PROCESSOR, "");
_Static_assert(offsetof(struct handoff_numbers, stack_top) == HANDOFF_STACK_TOP, "");

// The arguments of the handoff code.
struct handoff {
    uint64_t code;       // where the code was copied to
    uint64_t page_table; // physical address of the kernel's highest table
    uint64_t stack_top;  // virtual, 16-byte aligned
    uint64_t entry;      // virtual
    uint64_t boot_info;  // virtual
};

// Copies the handoff code to the page `code`.
static inline void prepare_handoff(const struct handoff *handoff) {
    __builtin_memcpy((void *)handoff->code, handoff_start, (uint64_t)(handoff_end - handoff_start));
}

// Says where the next processor finds its information and its stack.
static inline void set_next_processor(
    const struct handoff *handoff, uint64_t processor, uint64_t stack_top) {
    struct handoff_numbers *numbers =
        (struct handoff_numbers *)(handoff->code + (uint64_t)(handoff_numbers - handoff_start));
    numbers->page_table = handoff->page_table;
    numbers->processor = processor;
    numbers->stack_top = stack_top;
}

// Disables interrupts and jumps to the handoff code.
static inline void hand_off(const struct handoff *handoff) {
    register uint64_t page_table __asm__("x0") = handoff->page_table;
    register uint64_t stack_top __asm__("x1") = handoff->stack_top;
    register uint64_t entry __asm__("x2") = handoff->entry;
    register uint64_t boot_info __asm__("x3") = handoff->boot_info;
    register uint64_t code __asm__("x4") =
        handoff->code + (uint64_t)(handoff_first - handoff_start);
    __asm__ volatile(
        "msr DAIFSet, #15\n\t"
        "br x4"
        :
        : "r"(page_table), "r"(stack_top), "r"(entry), "r"(boot_info), "r"(code)
        : "memory");
    __builtin_unreachable();
}
#endif

#endif
