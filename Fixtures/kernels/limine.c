// A kernel that prints all that the Limine boot protocol gives it, a line for each value, and how
// it was entered. -DBASE_REVISION=n asks for a base revision; without it there is no tag.
//
//   -DENTRY            the Entry Point request is made
//   -DINTERNAL=name    the Module request names a file beside the kernel
//   -DKEEP_IOMMU       the request of that name is made
//   -DOUTSIDE          the Date request is behind the end marker
//   -DPAGING_MODE=n    the paging mode that is preferred, and the highest
//   -DREQUEST_LIST     .limine_reqs names three requests: HHDM, memory map, executable address
//   -DSTACK_SIZE=n     the Stack Size request is made, and that stack is used
//   -DX2APIC           the MP request asks for x2APIC

#include "limine.h"

#include "devices.h"
#include "entry_state.h"
#include "flanterm.h"
#include "mapping_list.h"
#include "processor_state.h"

#ifndef PAGING_MODE
#define PAGING_MODE 0
#endif
#ifdef X2APIC
#define MP_FLAGS 1
#else
#define MP_FLAGS 0
#endif

enum {
    BOOTLOADER_INFO, COMMAND_LINE, FIRMWARE_TYPE, STACK, HHDM, FRAMEBUFFER, PAGING, MP,
    RISCV_BSP, MEMORY_MAP, ENTRY_POINT, EXECUTABLE_FILE, MODULES, RSDP, SMBIOS, EFI_SYSTEM_TABLE,
    TPM_EVENT_LOG, EFI_MEMORY_MAP, DATE, EXECUTABLE_ADDRESS, DEVICE_TREE, PERFORMANCE,
    IOMMU, TSC_FREQUENCY, FLANTERM, ENTROPY, REQUEST_COUNT,
};
static const char *const request_names[] = {
    "bootloader info", "command line", "firmware type", "stack size", "hhdm", "framebuffer",
    "paging mode", "mp", "riscv bsp", "memory map", "entry point", "executable file", "module",
    "rsdp", "smbios", "efi system table", "tpm event log", "efi memory map", "date",
    "executable address", "device tree", "performance", "keep iommu", "tsc frequency", "flanterm",
    "entropy",
};

void requested_entry(void);
#ifdef INTERNAL
#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)
static const struct limine_internal_module internal = {TEXT(INTERNAL), "internal string", 1};
static const struct limine_internal_module *const internals[] = {&internal};
#define INTERNAL_MODULES 1, (uint64_t)internals
#else
#define INTERNAL_MODULES 0
#endif

#define REQUEST(feature, number, ...) \
    {{LIMINE_REQUEST_MAGIC, feature}, number, 0, {__VA_ARGS__}}

// One variable keeps the markers around the requests.
static volatile struct {
    uint64_t start[4], base_revision[3];
    struct limine_request requests[REQUEST_COUNT];
    uint64_t end[2];
    struct limine_request outside;
} limine = {
    .start = LIMINE_START_MARKER,
#ifdef BASE_REVISION
    .base_revision = LIMINE_BASE_REVISION(BASE_REVISION),
#endif
    .requests = {
        [BOOTLOADER_INFO] = REQUEST(LIMINE_BOOTLOADER_INFO, 0, 0),
        [COMMAND_LINE] = REQUEST(LIMINE_COMMAND_LINE, 0, 0),
        [FIRMWARE_TYPE] = REQUEST(LIMINE_FIRMWARE_TYPE, 0, 0),
#ifdef STACK_SIZE
        [STACK] = REQUEST(LIMINE_STACK_SIZE, 0, STACK_SIZE),
#endif
        [HHDM] = REQUEST(LIMINE_HHDM, 0, 0),
        [FRAMEBUFFER] = REQUEST(LIMINE_FRAMEBUFFER, 0, 0),
        [PAGING] = REQUEST(LIMINE_PAGING_MODE, 1, PAGING_MODE, PAGING_MODE, 0),
        [MP] = REQUEST(LIMINE_MP, 0, MP_FLAGS),
        [RISCV_BSP] = REQUEST(LIMINE_RISCV_BSP, 0, 0),
        [MEMORY_MAP] = REQUEST(LIMINE_MEMORY_MAP, 0, 0),
#ifdef ENTRY
        [ENTRY_POINT] = REQUEST(LIMINE_ENTRY_POINT, 0, (uint64_t)requested_entry),
#endif
        [EXECUTABLE_FILE] = REQUEST(LIMINE_EXECUTABLE_FILE, 0, 0),
        [MODULES] = REQUEST(LIMINE_MODULE, 1, INTERNAL_MODULES),
        [RSDP] = REQUEST(LIMINE_RSDP, 0, 0),
        [SMBIOS] = REQUEST(LIMINE_SMBIOS, 0, 0),
        [EFI_SYSTEM_TABLE] = REQUEST(LIMINE_EFI_SYSTEM_TABLE, 0, 0),
        [TPM_EVENT_LOG] = REQUEST(LIMINE_TPM_EVENT_LOG, 0, 0),
        [EFI_MEMORY_MAP] = REQUEST(LIMINE_EFI_MEMORY_MAP, 0, 0),
#ifndef OUTSIDE
        [DATE] = REQUEST(LIMINE_DATE, 0, 0),
#endif
        [EXECUTABLE_ADDRESS] = REQUEST(LIMINE_EXECUTABLE_ADDRESS, 0, 0),
        [DEVICE_TREE] = REQUEST(LIMINE_DEVICE_TREE, 0, 0),
        [PERFORMANCE] = REQUEST(LIMINE_PERFORMANCE, 0, 0),
#ifdef KEEP_IOMMU
        [IOMMU] = REQUEST(LIMINE_KEEP_IOMMU, 0, 0),
#endif
        [TSC_FREQUENCY] = REQUEST(LIMINE_TSC_FREQUENCY, 0, 0),
        [FLANTERM] = REQUEST(LIMINE_FLANTERM, 0, 0),
        [ENTROPY] = REQUEST(LIMINE_ENTROPY, 0, 4),
    },
    .end = LIMINE_END_MARKER,
#ifdef OUTSIDE
    .outside = REQUEST(LIMINE_DATE, 0, 0),
#endif
};

#ifdef REQUEST_LIST
__attribute__((section(".limine_reqs"), used)) static volatile void *listed_requests[] = {
    &limine.requests[HHDM], &limine.requests[MEMORY_MAP], &limine.requests[EXECUTABLE_ADDRESS], 0,
};
#endif

static volatile uint64_t boot_registers[REGISTER_COUNT], processor_registers[REGISTER_COUNT];
static volatile uint8_t entered_at_elf_entry;
static volatile int processor_is_done;

#if defined(__aarch64__)
__asm__(
    ".global _start, requested_entry\n"
    "_start:\n"
    "    capture boot_registers\n"
    "    mov w1, #1\n"
    "    adrp x0, entered_at_elf_entry\n"
    "    strb w1, [x0, :lo12:entered_at_elf_entry]\n"
    "    b kernel_main\n"
    "requested_entry:\n"
    "    capture boot_registers\n"
    "    b kernel_main\n"
    "processor_entry:\n"
    "    capture processor_registers\n"
    "    b processor_main\n");
#else
__asm__(
    ".global _start, requested_entry\n"
    "_start:\n"
    "    movb $1, entered_at_elf_entry(%rip)\n"
    "requested_entry:\n"
    "    capture boot_registers\n"
    "    and $-16, %rsp\n"
    "    call kernel_main\n"
    "processor_entry:\n"
    "    capture processor_registers\n"
    "    and $-16, %rsp\n"
    "    call processor_main\n");
#endif
void processor_entry(void);
void kernel_main(void);
void processor_main(struct limine_processor *processor);

static const struct limine_response *response(int request) {
    return limine.requests[request].response;
}

// Returns where a physical or virtual address can be read; zero if it is not mapped.
static const void *readable(uint64_t address) {
    uint64_t virtual = address < hhdm ? address + hhdm : address;
    const void *place = (const void *)virtual;
    return physical_address(place) == UNMAPPED ? 0 : place;
}

static void print_table(const char *name, uint64_t address) {
    start_line(name);
    add_number(address);
    const uint64_t *table = address == 0 ? 0 : readable(address);
    if (table == 0) {
        add_text("unmapped");
    } else {
        add_number(*table);
    }
    end_line();
}

static void print_file(const char *name, const struct limine_file *file) {
    start_line(name);
    add_text(file->path);
    end_line();
    text_line("file string", file->string);
    line("file revision", file->revision);
    line("file address", (uint64_t)file->address);
    line("file size", file->size);
    line("file hash", hash(file->address, file->size));
    line("file media type", file->media_type);
    line("file tftp address", file->tftp_address);
    line("file tftp port", file->tftp_port);
    line("file partition", file->partition_index);
    line("file mbr disk", file->mbr_disk_id);
    line("file gpt disk", file->gpt_disk_uuid[0] ^ file->gpt_disk_uuid[1]);
    line("file gpt partition", file->gpt_partition_uuid[0] ^ file->gpt_partition_uuid[1]);
    line("file partition uuid", file->partition_uuid[0] ^ file->partition_uuid[1]);
}

static void print_masks(uint8_t memory_model, const uint8_t masks[6]) {
    add_number(memory_model);
    for (int i = 0; i < 6; i++) {
        add_number(masks[i]);
    }
}

static void print_framebuffer(const struct limine_framebuffer *screen, uint64_t revision) {
    start_line("screen");
    add_number(screen->address);
    add_number(screen->width);
    add_number(screen->height);
    add_number(screen->pitch);
    add_number(screen->bits_per_pixel);
    print_masks(screen->memory_model, screen->masks);
    end_line();
    line("screen edid", screen->edid_size);
    *(volatile uint32_t *)(screen->address + screen->pitch * screen->height - 4) = 0xFFFFFF;
    for (uint64_t i = 0; revision >= 1 && i < screen->mode_count; i++) {
        const struct limine_video_mode *mode = screen->modes[i];
        start_line("screen mode");
        add_number(mode->width);
        add_number(mode->height);
        add_number(mode->pitch);
        add_number(mode->bits_per_pixel);
        print_masks(mode->memory_model, mode->masks);
        end_line();
    }
}

static void print_array(int request, const struct limine_response *given) {
    const void *const *pointers = (const void *const *)given->words[1];
    line("count", given->words[0]);
    for (uint64_t i = 0; i < given->words[0]; i++) {
        if (request == MEMORY_MAP) {
            const struct limine_memory_entry *entry = pointers[i];
            start_line("memory");
            add_number(entry->base);
            add_number(entry->length);
            add_number(entry->type);
            end_line();
        } else if (request == FRAMEBUFFER) {
            print_framebuffer(pointers[i], given->revision);
        } else if (request == FLANTERM) {
            print_terminal(pointers[i]);
        } else if (request == MODULES) {
            print_file("module file", pointers[i]);
        }
    }
}

static void print_response(int request, const struct limine_response *given) {
    static const uint8_t word_counts[REQUEST_COUNT] = {
        [FIRMWARE_TYPE] = 1, [HHDM] = 1, [PAGING] = 1, [RISCV_BSP] = 1,
        [TPM_EVENT_LOG] = 3, [EFI_MEMORY_MAP] = 4, [DATE] = 1, [EXECUTABLE_ADDRESS] = 2,
        [PERFORMANCE] = 3, [TSC_FREQUENCY] = 1,
    };
    const uint64_t *words = given->words;
    for (int i = 0; i < word_counts[request]; i++) {
        line("value", words[i]);
    }
    switch (request) {
    case BOOTLOADER_INFO:
        text_line("text", (const char *)words[0]);
        text_line("text", (const char *)words[1]);
        break;
    case COMMAND_LINE: text_line("text", (const char *)words[0]); break;
    case FRAMEBUFFER:
    case MEMORY_MAP:
    case MODULES:
    case FLANTERM: print_array(request, given); break;
    case EXECUTABLE_FILE: print_file("kernel file", (const struct limine_file *)words[0]); break;
    case SMBIOS: print_table("table", words[1]); // fall through
    case RSDP:
    case EFI_SYSTEM_TABLE:
    case DEVICE_TREE: print_table("table", words[0]); break;
    case TPM_EVENT_LOG: line("log hash", hash((const void *)words[2], words[1])); break;
    case ENTROPY:
        line("count", words[0]);
        line("differ", ((const uint64_t *)words[1])[0] != ((const uint64_t *)words[1])[1]);
    }
}

static void print_requests(void) {
    for (int i = 0; i < REQUEST_COUNT; i++) {
        if (limine.requests[i].id[0] == 0) {
            continue;
        }
        start_line(request_names[i]);
        if (response(i) == 0) {
            add_text("none");
            end_line();
            continue;
        }
        add_number(response(i)->revision);
        add_number((uint64_t)response(i));
        end_line();
        print_response(i, response(i));
    }
    line("outside", (uint64_t)limine.outside.response);
}

// Prints a processor's number and returns its prefix's end.
static void set_prefix(uint64_t index) {
    static char prefix[] = "cpu 0 ";
    prefix[4] = (char)('0' + index);
    line_prefix = prefix;
}

static void print_processor(const volatile uint64_t registers[]) {
    print_registers(registers);
    print_processor_state();
    print_local_controller();
}

void processor_main(struct limine_processor *processor) {
    prepare_serial_port();
    line("argument", processor->argument);
    print_processor(processor_registers);
    __atomic_store_n(&processor_is_done, 1, __ATOMIC_RELEASE);
    for (;;) {
        pause_forever();
    }
}

// Starts the other processors, one after the other, each of which prints its own state.
static void start_processors(void) {
    const struct limine_response *given = response(MP);
    if (given == 0) {
        return;
    }
#if defined(__aarch64__)
    const uint64_t flags = given->words[0], boot = given->words[1], *list = &given->words[2];
#else
    const uint64_t flags = (uint32_t)given->words[0], boot = given->words[0] >> 32;
    const uint64_t *list = &given->words[1];
#endif
    line("mp flags", flags);
    line("mp boot processor", boot);
    line("mp count", list[0]);
    struct limine_processor *const *processors = (struct limine_processor *const *)list[1];
    for (uint64_t i = 0; i < list[0] && i < 10; i++) {
        struct limine_processor *processor = processors[i];
        set_prefix(i);
        line("id", processor->processor_id);
        line("hardware id", processor->hardware_id);
        if (processor->hardware_id != boot) {
            line("info", (uint64_t)processor);
            processor->argument = 0x1234 + i;
            processor_is_done = 0;
            __atomic_store_n(&processor->entry, (uint64_t)processor_entry, __ATOMIC_RELEASE);
            while (!__atomic_load_n(&processor_is_done, __ATOMIC_ACQUIRE)) {
            }
        }
        line_prefix = "";
    }
}

#ifdef STACK_SIZE
// Writes to the whole stack below the caller's frame.
static void use_stack(void) {
    volatile uint8_t *top = __builtin_frame_address(0);
    for (uint64_t depth = 4096; depth < STACK_SIZE - 4096; depth += 4096) {
        top[-(int64_t)depth] = 0xA5;
    }
    line("stack used", STACK_SIZE);
}
#endif

void kernel_main(void) {
    use_mappings(response(HHDM) == 0 ? 0 : response(HHDM)->words[0]);
    prepare_serial_port();
    print("\n");
    for (int i = 0; i < 3; i++) {
        line("base revision", limine.base_revision[i]);
    }
    line("entered at elf entry", entered_at_elf_entry);
    line("image base", (uint64_t)&limine & ~0xFFFull);
    print_registers(boot_registers);
    print_processor_state();
    print_requests();
    list_mappings();
    map_controllers();
    print_interrupt_controllers();
    print_local_controller();
    start_processors();
#ifdef STACK_SIZE
    use_stack();
#endif
    text_line("end", "of report");
    finish(1);
}
