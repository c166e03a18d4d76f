// A kernel that prints what the extension of the boot info has of the firmware, and starts all
// other processors: each checks that it is in the first one's state. With -DCOUNTER it requests the
// clock's frequency as well; with -DSILENT it requests nothing.

#include "bootinfo.h"
#include "check.h"

#if defined(COUNTER)
BOOT_REQUEST(BOOT_REQUEST_PROCESSORS | BOOT_REQUEST_COUNTER_FREQUENCY);
#elif !defined(SILENT)
BOOT_REQUEST(BOOT_REQUEST_PROCESSORS);
#endif

enum { ARGUMENT = 0x1000, STATE_WORDS = 6 };

struct state {
    uint64_t words[STATE_WORDS];
};

static struct state first_state;
static uint64_t counter;

#if defined(__aarch64__)
static struct state current_state(void) {
    struct state state = {0};
    __asm__ volatile("mrs %0, CurrentEL" : "=r"(state.words[0]));
    __asm__ volatile("mrs %0, SCTLR_EL1" : "=r"(state.words[1]));
    __asm__ volatile("mrs %0, TCR_EL1" : "=r"(state.words[2]));
    __asm__ volatile("mrs %0, TTBR0_EL1" : "=r"(state.words[3]));
    __asm__ volatile("mrs %0, MAIR_EL1" : "=r"(state.words[4]));
    __asm__ volatile("mrs %0, CPACR_EL1" : "=r"(state.words[5]));
    return state;
}

static uint64_t own_id(void) {
    uint64_t value;
    __asm__ volatile("mrs %0, MPIDR_EL1" : "=r"(value));
    return value & 0xFF00FFFFFF;
}

static void rest(void) {
    __asm__ volatile("yield");
}
#else
static struct state current_state(void) {
    struct state state = {0};
    uint32_t low, high;
    uint16_t code, stack;
    __asm__ volatile("mov %%cr0, %0" : "=r"(state.words[0]));
    __asm__ volatile("mov %%cr3, %0" : "=r"(state.words[1]));
    __asm__ volatile("mov %%cr4, %0" : "=r"(state.words[2]));
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0xC0000080));
    state.words[3] = (uint64_t)high << 32 | low;
    __asm__ volatile("mov %%cs, %0" : "=r"(code));
    __asm__ volatile("mov %%ss, %0" : "=r"(stack));
    state.words[4] = (uint64_t)stack << 16 | code;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0x277));
    state.words[5] = (uint64_t)high << 32 | low;
    return state;
}

static uint64_t own_id(void) {
    uint32_t eax = 1, ebx, ecx = 0, edx;
    __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    return ebx >> 24;
}

static void rest(void) {
    __asm__ volatile("pause");
}
#endif

// The bits of what is wrong on a processor go to its argument.
static void check_processor(struct boot_processor *self) {
    uint64_t faults = 0, local = (uint64_t)__builtin_frame_address(0);
    struct state state = current_state();
    for (int i = 0; i < STATE_WORDS; i++) {
        faults |= state.words[i] == first_state.words[i] ? 0 : 1u << i;
    }
    faults |= self->hardware_id == own_id() ? 0 : 1 << 8;
    faults |= local > self->stack_bottom && local <= self->stack_bottom + self->stack_length
        ? 0
        : 1 << 9;
    faults |= self->is_parked == 0 ? 0 : 1 << 10;
    faults |= (local & 15) == 0 ? 0 : 1 << 11;
    faults |= self->argument >= ARGUMENT ? 0 : 1 << 12;
    for (uint64_t i = 0; i < 1024; i++) { // the whole first KiB of the stack is its own
        *(volatile uint8_t *)(self->stack_bottom + i) = (uint8_t)self->id;
    }
    self->argument = faults;
    __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
    for (;;) {
        rest();
    }
}

static void print_optional(const char *name, const struct boot_optional_u64 *optional) {
    print(name);
    print(optional->tag == BOOT_SOME ? ": " : ": none ");
    print_number(optional->value);
    print("\n");
}

static void print_firmware(const struct boot_extension *extension) {
    print_optional("EFI system table", &extension->efi_system_table);
    print_optional("SMBIOS", &extension->smbios_address);
    print_optional("SMBIOS 3", &extension->smbios3_address);
    print_optional("boot time", &extension->boot_time);
    print("counter frequency: ");
    print_number(extension->counter_frequency);
    uint64_t pages = 0;
    const uint8_t *map = (const uint8_t *)extension->efi_memory_map;
    uint64_t stride = extension->efi_descriptor_size;
    for (uint64_t i = 0; i < extension->efi_memory_map_length; i += stride) {
        pages += *(const uint64_t *)(map + i + 24);
    }
    print("\npages in UEFI's map: ");
    print_number(pages);
    print("\nprocessors: ");
    print_number(extension->processor_count);
    print("\n");
}

void _start(struct boot_info *info) {
    const struct boot_extension *extension = boot_extension_of(info);
    print_firmware(extension);
    struct boot_processor *processors = (struct boot_processor *)extension->processors;
    first_state = current_state();
    for (uint64_t i = 1; i < extension->processor_count; i++) {
        check(processors[i].is_parked == 1, "it is parked");
        boot_start_processor(&processors[i], check_processor, ARGUMENT + i);
    }
    for (uint64_t i = 1; i < extension->processor_count; i++) {
        while (__atomic_load_n(&counter, __ATOMIC_ACQUIRE) + 1 < extension->processor_count) {
            rest();
        }
        print("processor ");
        print_number(processors[i].hardware_id);
        print(": faults ");
        print_number(processors[i].argument);
        print("\n");
        check(processors[i].argument == 0, "its state is the first one's");
    }
    if (extension->processor_count > 0) {
        check(processors[0].hardware_id == own_id(), "the first one runs the kernel");
        check(processors[0].stack_bottom == info->kernel_stack_bottom, "it has the kernel's stack");
    }
    print("end: of report\n");
    finish(failures == 0);
}
