// The twelve kernels with which the bootloader crate tests its loader, selected by -DSUITE, and
// ABOVE_4_GIB, which is too large for the memory below 4 GiB.

#include "bootinfo.h"
#include "check.h"

#if defined(__aarch64__)
#define UPPER_HALF 0xFFFF000000000000
#else
#define UPPER_HALF 0xFFFF800000000000
#endif
#define FIXED_ADDRESS 0x00001987654F0000
#define PHYSICAL_OFFSET 0x0000600000000000

#define DEFAULT_SETTINGS 0
#define HIGHER_HALF 1
#define PIE 2
#define LTO 3
#define FIXED_KERNEL_ADDRESS 4
#define MAP_PHYSICAL_MEMORY 5
#define RAMDISK 6
#define CONFIG_FILE 7
#define MIN_STACK 8
#define STACK_ADDRESS 9
#define LOWER_MEMORY_FREE 10
#define WRITE_USABLE_MEMORY 11
#define ABOVE_4_GIB 12

#if defined(__aarch64__)
#define HAS_LOW_MEMORY 0
#else
#define HAS_LOW_MEMORY 1
#endif

#define IS(name) (SUITE == name)
#define MAPS_MEMORY                                                               \
    (IS(MAP_PHYSICAL_MEMORY) || IS(RAMDISK) || IS(WRITE_USABLE_MEMORY) || IS(ABOVE_4_GIB))
#define STACK_SIZE (IS(MIN_STACK) ? 4000 : IS(STACK_ADDRESS) ? 128 << 10 : BOOT_DEFAULT_STACK_SIZE)

BOOT_CONFIGURATION(
    STACK_SIZE,
    .kernel_base = {IS(FIXED_KERNEL_ADDRESS), IS(FIXED_KERNEL_ADDRESS) ? FIXED_ADDRESS : 0},
    .physical_memory = {MAPS_MEMORY, {MAPS_MEMORY, MAPS_MEMORY ? PHYSICAL_OFFSET : 0}},
    .dynamic_range_start = {IS(HIGHER_HALF), IS(HIGHER_HALF) ? UPPER_HALF : 0});

void _start(struct boot_info *info);

static const uint64_t target = 0x5EED;
static const uint64_t *volatile reference = &target;

// Returns the kind of the region that contains a physical address; -1 if there is none.
static int kind_of(const struct boot_info *info, uint64_t address) {
    const struct boot_memory_region *regions = (const void *)info->memory_regions;
    for (uint64_t i = 0; i < info->memory_region_count; i++) {
        if (regions[i].start <= address && address < regions[i].end) {
            return (int)regions[i].kind;
        }
    }
    return -1;
}

// Checks that every suite has in common.
static void check_boot_info(const struct boot_info *info) {
    check(info->api_version.major == 0 && info->api_version.minor == 11, "version of the contract");
    check(info->memory_region_count > 4, "more than four memory regions");
    const struct boot_framebuffer *screen = &info->framebuffer.value;
    check(info->framebuffer.tag == BOOT_SOME, "framebuffer");
    check(screen->bytes_per_pixel == 3 || screen->bytes_per_pixel == 4, "bytes of a pixel");
    check(screen->byte_length == screen->stride * screen->height * screen->bytes_per_pixel,
        "length of the framebuffer");
    check(screen->pixel_format == BOOT_PIXEL_BGR, "format of a pixel");
    check(info->physical_memory_offset.tag == (MAPS_MEMORY ? BOOT_SOME : BOOT_NONE)
            && info->physical_memory_offset.value == (MAPS_MEMORY ? PHYSICAL_OFFSET : 0),
        "offset of the physical memory");
    check(info->recursive_index.tag == BOOT_NONE, "no recursive index");
    check(info->tls_template.tag == BOOT_NONE, "no TLS template");
    check(info->rsdp_address.tag == BOOT_SOME && info->rsdp_address.value > 0xE0000, "RSDP");
    check(info->test_sentinel == (IS(CONFIG_FILE) ? 0xDEADBEEF : 0), "sentinel of boot.json");
    check(*reference == 0x5EED, "a reference leads to its target");
}

static void check_stack(const struct boot_info *info) {
    uint64_t local = (uint64_t)&info;
    check(info->kernel_stack_bottom != 0, "bottom of the stack");
    check(info->kernel_stack_length == STACK_SIZE, "length of the stack");
    check(local - info->kernel_stack_bottom < STACK_SIZE, "a local variable is on the stack");
}

static void check_addresses(const struct boot_info *info) {
    if (IS(HIGHER_HALF)) {
        check((uint64_t)_start - UPPER_HALF < 1 << 20, "code at the start of the upper half");
        check((uint64_t)info >= UPPER_HALF, "boot info in the upper half");
        check(info->kernel_stack_bottom >= UPPER_HALF, "stack in the upper half");
    }
    if (IS(FIXED_KERNEL_ADDRESS)) {
        check(info->kernel_image_offset == FIXED_ADDRESS, "offset of the kernel");
        check((uint64_t)_start - FIXED_ADDRESS < 1 << 20, "code where the kernel was put");
    }
}

static void check_usable_memory(const struct boot_info *info) {
    const struct boot_memory_region *regions = (const void *)info->memory_regions;
    uint64_t low_pages = 0;
    for (uint64_t i = 0; i < info->memory_region_count; i++) {
        if (regions[i].kind != BOOT_MEMORY_USABLE) {
            continue;
        }
        for (uint64_t page = regions[i].start; page < regions[i].end; page += 4096) {
            low_pages += page < 0x100000;
            for (int word = 0; IS(WRITE_USABLE_MEMORY) && word < 512; word++) {
                ((volatile uint64_t *)(PHYSICAL_OFFSET + page))[word] = page;
            }
        }
    }
    if (HAS_LOW_MEMORY) {
        check(low_pages > 16, "usable pages below 1 MiB");
    }
}

static void check_ramdisk(const struct boot_info *info) {
    const uint8_t *bytes = (const uint8_t *)info->ramdisk_address.value;
    const uint64_t flags = PAGE_PRESENT | PAGE_WRITABLE;
    int same = 1, mapped = 1, owned = 1;
    check(info->ramdisk_address.tag == BOOT_SOME, "RAM disk");
    check(info->ramdisk_length == 16 << 20, "length of the RAM disk");
    for (uint64_t i = 0; i < info->ramdisk_length; i += 4096) {
        uint64_t entry = page_table_entry(PHYSICAL_OFFSET, bytes + i);
        uint64_t mask = is_large_page(entry) ? (2 << 20) - 4096 : 0;
        uint64_t frame = (entry & PAGE_ADDRESS & ~mask) + ((uint64_t)(bytes + i) & mask);
        mapped &= (page_rights(entry) & flags) == flags;
        owned &= kind_of(info, frame) == BOOT_MEMORY_BOOTLOADER;
        for (uint64_t j = 0; j < 4096; j++) {
            same &= bytes[i + j] == (uint8_t)(i + j);
        }
    }
    check(same, "contents of the RAM disk");
    check(mapped, "pages of the RAM disk are present and writable");
    check(owned, "regions of the RAM disk are the loader's");
}

#if SUITE == ABOVE_4_GIB
static uint8_t huge[200 << 20];

static void check_frames(void) {
    int high = 1, zero = 1;
    for (uint64_t i = 0; i < sizeof huge; i += 4096) {
        uint64_t entry = page_table_entry(PHYSICAL_OFFSET, &huge[i]);
        high &= (entry & PAGE_ADDRESS) >= 1ull << 32;
        zero &= ((volatile uint8_t *)huge)[i] == 0;
    }
    check(high, "zeroed data lies above 4 GiB");
    check(zero, "zeroed data is zero");
}
#else
static void check_frames(void) {}
#endif

void _start(struct boot_info *info) {
    check_stack(info);
    check_addresses(info);
    check_boot_info(info);
    if (IS(MAP_PHYSICAL_MEMORY)) {
        (void)*(const volatile uint32_t *)PHYSICAL_OFFSET;
        check(1, "physical address 0 can be read");
    }
    if (IS(LOWER_MEMORY_FREE) || IS(WRITE_USABLE_MEMORY)) {
        check_usable_memory(info);
    }
    if (IS(RAMDISK)) {
        check_ramdisk(info);
    }
    check_frames();
    finish(failures == 0);
}
