// x86-64 instructions that Swift cannot express, and the jump to the kernel.
#ifndef MACHINE_H
#define MACHINE_H

#include <stdint.h>

static inline void port_write(uint16_t port, uint8_t value) {
    __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static inline uint8_t port_read(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

static inline uint64_t read_cr4(void) {
    uint64_t value;
    __asm__ volatile("mov %%cr4, %0" : "=r"(value));
    return value;
}

struct cpuid {
    uint32_t eax, ebx, ecx, edx;
};

// The answer of CPUID for a leaf, subleaf 0; zeros if the processor has no such basic leaf.
static inline struct cpuid cpuid(uint32_t leaf) {
    struct cpuid answer = {0, 0, 0, 0};
    uint32_t highest = leaf & 0x80000000, ebx, ecx = 0, edx;
    __asm__ volatile("cpuid" : "+a"(highest), "=b"(ebx), "+c"(ecx), "=d"(edx));
    if (leaf <= highest) {
        answer.eax = leaf;
        __asm__ volatile("cpuid"
                         : "+a"(answer.eax), "=b"(answer.ebx), "+c"(answer.ecx), "=d"(answer.edx));
    }
    return answer;
}

static inline uint64_t read_msr(uint32_t number) {
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return (uint64_t)high << 32 | low;
}

static inline void write_msr(uint32_t number, uint64_t value) {
    __asm__ volatile("wrmsr" : : "c"(number), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

static inline uint32_t read_device(uint64_t address) {
    return *(const volatile uint32_t *)address;
}

static inline void write_device(uint64_t address, uint32_t value) {
    *(volatile uint32_t *)address = value;
}

static inline uint64_t load_acquiring(uint64_t address) {
    return __atomic_load_n((const uint64_t *)address, __ATOMIC_ACQUIRE);
}

// The time stamp counter.
static inline uint64_t read_counter(void) {
    uint32_t low, high;
    __asm__ volatile("lfence\n\trdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

// Returns an unpredictable number: from RDRAND if the processor has it, else from the time stamp
// counter, whose low bits depend on how long the firmware took.
static inline uint64_t random_number(void) {
    uint32_t features = cpuid(1).ecx;
    for (int attempt = 0; (features & 1u << 30) != 0 && attempt < 10; attempt++) {
        uint64_t value;
        uint8_t valid;
        __asm__ volatile("rdrand %0\n\tsetc %1" : "=r"(value), "=q"(valid));
        if (valid) {
            return value;
        }
    }
    return read_counter() * 0x9E3779B97F4A7C15u;
}

// Returns the index of the first of `count` words from `address` on that is `word`, or `count`.
static inline uint64_t find_word(uint64_t word, uint64_t address, uint64_t count) {
    uint64_t left = count;
    uint8_t found;
    if (count == 0) {
        return 0;
    }
    __asm__ volatile("repne scasq\n\tsete %2"
                     : "+D"(address), "+c"(left), "=q"(found)
                     : "a"(word)
                     : "memory", "cc");
    return count - left - found;
}

// Returns how many of `count` words from `address` on are left up to the last one that is `word`; 0
// if there is none.
static inline uint64_t find_last_word(uint64_t word, uint64_t address, uint64_t count) {
    uint64_t left = count;
    uint8_t found;
    if (count == 0) {
        return 0;
    }
    address += 8 * (count - 1);
    __asm__ volatile("std\n\trepne scasq\n\tsete %2\n\tcld"
                     : "+D"(address), "+c"(left), "=q"(found)
                     : "a"(word)
                     : "memory", "cc");
    return found ? left + 1 : 0;
}

// Resets the machine through the chipset (port CF9h), the keyboard controller or a triple fault,
// whichever works first.
static inline void reset_machine(void) {
    port_write(0xCF9, 0x06);
    port_write(0x64, 0xFE);
    static const uint8_t empty_idt[10];
    __asm__ volatile("lidt %0\n\tint3" : : "m"(empty_idt));
}

// Clears the word that a debugger sets; before the debugger learns of it, or the two would race.
static inline void clear_debugger_word(uint64_t address) { *(volatile uint64_t *)address = 0; }

// Waits until a debugger sets the word at `address` to another number than 0.
static inline void wait_for_debugger(uint64_t address) {
    volatile uint64_t *word = (volatile uint64_t *)address;
    while (*word == 0) {
        __asm__ volatile("pause");
    }
}

static inline void halt_forever(void) {
    for (;;) {
        __asm__ volatile("cli; hlt");
    }
}

// Makes processor exceptions call loader_exception. At `table` is a copy of the current interrupt
// descriptor table, with room for at least 32 entries of 16 bytes.
void install_exception_handlers(uint64_t table, uint16_t byte_count);

// The limit and address of the interrupt descriptor table.
struct __attribute__((packed)) idt_descriptor {
    uint16_t limit;
    uint64_t address;
};

static inline struct idt_descriptor read_idt(void) {
    struct idt_descriptor descriptor;
    __asm__ volatile("sidt %0" : "=m"(descriptor));
    return descriptor;
}

// Code that is copied to a page which both the loader and the kernel map at its physical address
// (handoff.S). It includes the table of segment descriptors.
extern const uint8_t handoff_start[];
extern const uint8_t handoff_end[];
extern const uint8_t handoff_gdt[];
extern const uint8_t handoff_gdt_end[];

// The arguments of the handoff code.
struct handoff {
    uint64_t code;          // where the code was copied to
    uint64_t gdt_pointer;   // physical address of a 10-byte pseudo-descriptor
    uint64_t page_table;    // physical address of the kernel's level-4 table
    uint64_t stack_top;     // virtual, 16-byte aligned
    uint64_t entry;         // virtual
    uint64_t boot_info;     // virtual
};

// Copies the handoff code to the page `code`, followed by a pseudo-descriptor for its table.
static inline void prepare_handoff(struct handoff *handoff) {
    uint64_t length = (uint64_t)(handoff_end - handoff_start);
    uint64_t gdt = handoff->code + (uint64_t)(handoff_gdt - handoff_start);
    uint16_t limit = (uint16_t)(handoff_gdt_end - handoff_gdt - 1);
    handoff->gdt_pointer = handoff->code + length;
    __builtin_memcpy((void *)handoff->code, handoff_start, length);
    __builtin_memcpy((void *)handoff->gdt_pointer, &limit, sizeof limit);
    __builtin_memcpy((void *)(handoff->gdt_pointer + sizeof limit), &gdt, sizeof gdt);
}

// Disables interrupts, sets the control registers as the contract promises (no-execute and
// write-protect on; SSE usable; the firmware's PCIDs, global pages and control-flow enforcement
// off) and jumps to the handoff code.
static inline void hand_off(const struct handoff *handoff) {
    register const struct handoff *in_r8 __asm__("r8") = handoff;
    __asm__ volatile(
        "cli\n\t"
        "mov $0xC0000080, %%ecx\n\t" // EFER: NXE
        "rdmsr\n\t"
        "or $0x800, %%eax\n\t"
        "wrmsr\n\t"
        "mov %%cr4, %%rax\n\t"
        "and $~0x820080, %%rax\n\t" // CET, PCIDE, PGE off
        "or $0x600, %%rax\n\t"      // OSFXSR, OSXMMEXCPT on
        "mov %%rax, %%cr4\n\t"
        "mov %%cr0, %%rax\n\t"
        "and $~0xC, %%rax\n\t"      // TS, EM off
        "or $0x10002, %%rax\n\t"    // WP, MP on
        "mov %%rax, %%cr0\n\t"
        "mov 0(%%r8), %%r9\n\t"
        "mov 8(%%r8), %%rbx\n\t"
        "mov 16(%%r8), %%rax\n\t"
        "mov 24(%%r8), %%rdx\n\t"
        "mov 32(%%r8), %%rcx\n\t"
        "mov 40(%%r8), %%rdi\n\t"
        "jmp *%%r9"
        :
        : "r"(in_r8)
        : "memory");
    __builtin_unreachable();
}

#endif
