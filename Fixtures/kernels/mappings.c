// A kernel that requests every mapping of the contract and checks the result: with -DFIXED at fixed
// addresses, otherwise anywhere in the upper half; with -DASLR at different addresses in each boot.

#include "bootinfo.h"
#include "check.h"

#define UPPER_HALF 0xFFFF800000000000
#define STACK_SIZE 4000 /* not a multiple of the page size */

#ifdef FIXED
#define STACK 0xFFFF900000000000
#define KERNEL 0xFFFF910000000000
#define BOOT_INFO 0xFFFF920000000000
#define FRAMEBUFFER 0xFFFF930000000000
#define PHYSICAL_MEMORY 0xFFFF940000000000
#define PAGE_TABLE 0xFFFFA00000000000
#define RAMDISK 0x0000400000000000
BOOT_CONFIGURATION(
    STACK_SIZE,
    .kernel_stack = BOOT_FIXED(STACK),
    .kernel_base = BOOT_FIXED(KERNEL),
    .boot_info = BOOT_FIXED(BOOT_INFO),
    .framebuffer = BOOT_FIXED(FRAMEBUFFER),
    .physical_memory = BOOT_MAPPED(BOOT_FIXED(PHYSICAL_MEMORY)),
    .page_table_recursive = BOOT_MAPPED(BOOT_FIXED(PAGE_TABLE)),
    .ramdisk = BOOT_FIXED(RAMDISK));
#else
BOOT_CONFIGURATION(
    STACK_SIZE,
    .physical_memory = BOOT_MAPPED(BOOT_DYNAMIC),
    .page_table_recursive = BOOT_MAPPED(BOOT_DYNAMIC),
#ifdef ASLR
    .aslr = 1,
#endif
    .dynamic_range_start = BOOT_LIMIT(UPPER_HALF));
#endif

__attribute__((used)) static __thread int thread_local_value = 0x5EED;
__attribute__((used)) static __thread int thread_local_zero;
static const char *volatile relocated = "relocated";

void _start(struct boot_info *info);

// Returns an entry of the level-4 table, read through the recursive mapping.
static uint64_t level_4_entry(uint64_t recursive, uint64_t index) {
    uint64_t table = UPPER_HALF >> 48 << 48;
    for (int shift = 39; shift >= 12; shift -= 9) {
        table |= recursive << shift;
    }
    return ((const volatile uint64_t *)table)[index];
}

// Writes the last word of the usable memory.
static void check_end_of_memory(const struct boot_info *info) {
    const struct boot_memory_region *regions = (const void *)info->memory_regions;
    uint64_t end = 0;
    for (uint64_t i = 0; i < info->memory_region_count; i++) {
        end = regions[i].kind == BOOT_MEMORY_USABLE ? regions[i].end : end;
    }
    volatile uint64_t *last = (void *)(info->physical_memory_offset.value + end - 8);
    *last = end;
    check(*last == end, "the end of the usable memory can be written");
    report("the usable memory ends", end);
}

static void check_page_tables(const struct boot_info *info) {
    check(info->physical_memory_offset.tag == BOOT_SOME, "physical memory is mapped");
    check(info->recursive_index.tag == BOOT_SOME, "the page table maps itself");
    uint64_t index = info->recursive_index.value, root = page_table_root(index << 55);
    check(((level_4_entry(index, index) ^ root) & PAGE_ADDRESS) == 0, "its own entry leads to it");
    const uint32_t *file =
        (const void *)(info->physical_memory_offset.value + info->kernel_address);
    check(*file == 0x464C457F, "the ELF file is at kernel_address");
    check_end_of_memory(info);
    report("physical memory", info->physical_memory_offset.value);
    report("recursive entry", index);
}

static void check_tls(const struct boot_info *info) {
    const struct boot_tls_template *tls = &info->tls_template.value;
    check(info->tls_template.tag == BOOT_SOME, "TLS template");
    check(tls->file_size == 4 && tls->memory_size == 8, "TLS sizes");
    check(*(const int *)tls->start_address == 0x5EED, "TLS contents");
}

void _start(struct boot_info *info) {
    uint64_t local = (uint64_t)&info;
    uint64_t code = (uint64_t)_start;
    check(info->kernel_stack_length == STACK_SIZE, "stack size as configured");
    check(local - info->kernel_stack_bottom < STACK_SIZE, "a local variable is on the stack");
    check(relocated[0] == 'r', "a relocated pointer leads to its text");
    check_page_tables(info);
    check_tls(info);
    report("code", code);
    report("stack", info->kernel_stack_bottom);
    report("boot info", (uint64_t)info);
    if (info->framebuffer.tag == BOOT_SOME) {
        report("framebuffer", info->framebuffer.value.buffer_start);
    }
#ifdef FIXED
    check(info->kernel_stack_bottom == STACK, "stack where configured");
    check(info->kernel_image_offset == KERNEL, "image offset as configured");
    check(code - KERNEL < 1 << 20, "kernel where configured");
    check((uint64_t)info == BOOT_INFO, "boot info where configured");
    check(info->framebuffer.value.buffer_start == FRAMEBUFFER, "framebuffer where configured");
    check(info->physical_memory_offset.value == PHYSICAL_MEMORY, "memory where configured");
    check(info->recursive_index.value == (PAGE_TABLE >> 39 & 511), "page table where configured");
    check(info->ramdisk_address.value == RAMDISK, "RAM disk where configured");
    check(*(const char *)RAMDISK == 'R', "RAM disk readable");
#else
    check(code >= UPPER_HALF, "code in the upper half");
    check(info->kernel_stack_bottom >= UPPER_HALF, "stack in the upper half");
    check((uint64_t)info >= UPPER_HALF, "boot info in the upper half");
    check(info->physical_memory_offset.value >= UPPER_HALF, "memory in the upper half");
    check(info->memory_regions >= UPPER_HALF, "memory regions in the upper half");
    check(info->framebuffer.value.buffer_start >= UPPER_HALF, "framebuffer in the upper half");
#endif
    finish(failures == 0);
}
