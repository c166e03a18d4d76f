// x86-64 instructions that Swift cannot express, and the jump to the kernel.
#ifndef MACHINE_H
#define MACHINE_H

// Offsets in struct handoff_numbers and in struct boot_processor, for handoff.S.
#define HANDOFF_PAGE_TABLE 0
#define HANDOFF_CR0 4
#define HANDOFF_CR4 8
#define HANDOFF_LONG_MODE 12
#define HANDOFF_GDT_POINTER 18
#define HANDOFF_APIC_BASE 32
#define HANDOFF_PROCESSOR 40
#define HANDOFF_STACK_TOP 48
#define BOOT_PROCESSOR_ENTRY 16
#define BOOT_PROCESSOR_IS_PARKED 32

#ifndef __ASSEMBLER__
#include <stddef.h>
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
extern const uint8_t handoff_long_mode[];
extern const uint8_t handoff_first[];
extern const uint8_t handoff_gdt[];
extern const uint8_t handoff_numbers[];
extern const uint8_t handoff_end[];

// What the code finds in its page. Other processors are in real mode first: for them, the page is
// in the first MiB and the page table in the first 4 GiB.
struct handoff_numbers {
    uint32_t page_table;
    uint32_t cr0;
    uint32_t cr4;
    uint32_t long_mode; // a far pointer to the code's 64-bit part
    uint16_t code_selector;
    uint16_t gdt_limit; // a pseudo-descriptor of 10 bytes
    uint32_t gdt_address;
    uint32_t gdt_address_high;
    uint32_t reserved;
    uint64_t apic_base;
    uint64_t processor; // of the one that is being started: struct boot_processor, virtual
    uint64_t stack_top;
};
_Static_assert(offsetof(struct handoff_numbers, long_mode) == HANDOFF_LONG_MODE, "");
_Static_assert(offsetof(struct handoff_numbers, gdt_limit) == HANDOFF_GDT_POINTER, "");
_Static_assert(offsetof(struct handoff_numbers, apic_base) == HANDOFF_APIC_BASE, "");
_Static_assert(offsetof(struct handoff_numbers, stack_top) == HANDOFF_STACK_TOP, "");

// The arguments of the handoff code.
struct handoff {
    uint64_t code;          // where the code was copied to
    uint64_t page_table;    // physical address of the kernel's level-4 table
    uint64_t stack_top;     // virtual, 16-byte aligned
    uint64_t entry;         // virtual
    uint64_t boot_info;     // virtual
};

// The control registers as the contract promises them: write-protect on and SSE usable; the
// firmware's PCIDs, global pages and control-flow enforcement off.
static inline uint64_t kernel_cr0(void) {
    uint64_t value;
    __asm__ volatile("mov %%cr0, %0" : "=r"(value));
    return (value & ~UINT64_C(0xC)) | 0x10002; // TS, EM off; WP, MP on
}

static inline uint64_t kernel_cr4(void) {
    return (read_cr4() & ~UINT64_C(0x820080)) | 0x600; // CET, PCIDE, PGE off; OSFXSR, OSXMMEXCPT on
}

static inline struct handoff_numbers *numbers_of_handoff(const struct handoff *handoff) {
    return (struct handoff_numbers *)(handoff->code + (uint64_t)(handoff_numbers - handoff_start));
}

// Copies the handoff code to the page `code`, with its numbers.
static inline void prepare_handoff(const struct handoff *handoff) {
    uint64_t gdt = handoff->code + (uint64_t)(handoff_gdt - handoff_start);
    struct handoff_numbers *numbers = numbers_of_handoff(handoff);
    __builtin_memcpy((void *)handoff->code, handoff_start, (uint64_t)(handoff_end - handoff_start));
    numbers->page_table = (uint32_t)handoff->page_table;
    numbers->cr0 = (uint32_t)kernel_cr0();
    numbers->cr4 = (uint32_t)kernel_cr4();
    numbers->long_mode = (uint32_t)(handoff->code + (uint64_t)(handoff_long_mode - handoff_start));
    numbers->code_selector = 0x08;
    numbers->gdt_limit = (uint16_t)(handoff_numbers - handoff_gdt - 1);
    numbers->gdt_address = (uint32_t)gdt;
    numbers->gdt_address_high = (uint32_t)(gdt >> 32);
}

// Says where the next processor finds its information and its stack.
static inline void set_next_processor(
    const struct handoff *handoff, uint64_t processor, uint64_t stack_top) {
    struct handoff_numbers *numbers = numbers_of_handoff(handoff);
    numbers->apic_base = read_msr(0x1B) & ~UINT64_C(0x100); // it is not the first processor
    numbers->processor = processor;
    numbers->stack_top = stack_top;
}

// Disables interrupts, enables no-execute pages, sets the control registers and jumps to the
// handoff code.
static inline void hand_off(const struct handoff *handoff) {
    __asm__ volatile("cli");
    write_msr(0xC0000080, read_msr(0xC0000080) | 0x800); // EFER: NXE
    __asm__ volatile("mov %0, %%cr4" : : "r"(kernel_cr4()));
    __asm__ volatile("mov %0, %%cr0" : : "r"(kernel_cr0()));
    __asm__ volatile(
        "jmp *%0"
        :
        : "r"(handoff->code + (uint64_t)(handoff_first - handoff_start)), "a"(handoff->page_table),
          "b"(&numbers_of_handoff(handoff)->gdt_limit), "c"(handoff->entry),
          "d"(handoff->stack_top), "D"(handoff->boot_info)
        : "memory");
    __builtin_unreachable();
}
#endif

#endif
