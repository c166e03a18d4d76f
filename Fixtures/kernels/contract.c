// A kernel that checks the loader's guarantees: one serial line for each check, success only if all
// hold. With -DCONFIGURED it requests a mapping of all physical memory and checks its page tables
// through it; with -DTEXT_MODE it expects a text screen; with -DRAMDISK=n it expects a RAM disk of
// n bytes, each the low byte of its index.

#include "bootinfo.h"
#include "check.h"

#ifdef CONFIGURED
#define CONFIGURED_STACK_SIZE (32 << 10)
BOOT_CONFIGURATION(CONFIGURED_STACK_SIZE, .physical_memory = BOOT_MAPPED(BOOT_DYNAMIC));
#endif

static uint64_t zeroed[4096];
static volatile uint64_t initialized = 0x1122334455667788;
static const char *volatile words[] = {"Hello", " from", " C!\n"};

static void check_image(void) {
    int zero = 1;
    for (unsigned i = 0; i < 4096; i++) {
        zero &= ((volatile uint64_t *)zeroed)[i] == 0;
    }
    check(zero, "zeroed data is zero");
    check(initialized == 0x1122334455667788, "initialized data is there");
    initialized = 1;
    check(initialized == 1, "data can be written");
}

static void check_regions(const struct boot_info *info) {
    const struct boot_memory_region *regions = (const void *)info->memory_regions;
    uint64_t end = 0, usable = 0, low_usable = 0;
    int sorted = 1, aligned = 1, kernel_is_loaders = 0;
    for (uint64_t i = 0; i < info->memory_region_count; i++) {
        const struct boot_memory_region *region = &regions[i];
        sorted &= region->start >= end && region->end > region->start;
        aligned &= region->start % 4096 == 0 && region->end % 4096 == 0;
        end = region->end;
        if (region->kind == BOOT_MEMORY_USABLE) {
            usable += region->end - region->start;
            low_usable += region->end <= 0x100000 ? region->end - region->start : 0;
        }
        kernel_is_loaders |= region->kind == BOOT_MEMORY_BOOTLOADER
            && region->start <= info->kernel_address
            && info->kernel_address + info->kernel_length <= region->end;
    }
    check(info->memory_region_count > 4, "more than four memory regions");
    check(sorted, "memory regions are sorted and do not overlap");
    check(aligned, "memory regions are whole pages");
    check(usable > 100 << 20, "most of the memory is usable");
#if defined(__x86_64__)
    check(low_usable > 16 * 4096, "memory below 1 MiB is usable");
#else
    check(low_usable == 0, "there is no memory below 1 MiB");
#endif
    check(kernel_is_loaders, "the kernel file's memory is the loader's");
}

static void check_info(const struct boot_info *info) {
    check(info->api_version.major == 0 && info->api_version.minor == 11, "API version 0.11");
    const struct boot_extension *extension = boot_extension_of(info);
    check(extension != NULL && extension->version == 2, "boot info's extension");
    int has_tree = extension->device_tree_address.tag == BOOT_SOME;
    check(has_tree
            || (info->rsdp_address.tag == BOOT_SOME && info->rsdp_address.value > 0xE0000),
        "RSDP or device tree");
    check(info->kernel_length > 0, "kernel length");
    uint64_t local = (uint64_t)__builtin_frame_address(0);
    check(local > info->kernel_stack_bottom
            && local < info->kernel_stack_bottom + info->kernel_stack_length,
        "a local variable is on the stack");
    check(info->tls_template.tag == BOOT_NONE, "no TLS template");
    check(info->recursive_index.tag == BOOT_NONE, "no recursive index");
    check(info->test_sentinel == 0, "test sentinel");
    if (info->framebuffer.tag == BOOT_SOME) {
        const struct boot_framebuffer *f = &info->framebuffer.value;
        check(f->byte_length == f->stride * f->height * f->bytes_per_pixel, "framebuffer length");
        check(f->pixel_format == BOOT_PIXEL_BGR && f->bytes_per_pixel == 4, "framebuffer format");
        *(volatile uint32_t *)(f->buffer_start + f->byte_length - 4) = 0xFFFFFF;
        print("framebuffer\n");
    } else {
        print("text mode\n");
    }
}

#if defined(__aarch64__)
static void check_processor(void) {
    uint64_t level, control, masks, floating_point;
    __asm__ volatile("mrs %0, CurrentEL" : "=r"(level));
    __asm__ volatile("mrs %0, SCTLR_EL1" : "=r"(control));
    __asm__ volatile("mrs %0, DAIF" : "=r"(masks));
    __asm__ volatile("mrs %0, CPACR_EL1" : "=r"(floating_point));
    check(level == 1 << 2, "exception level 1");
    check((control & 0x1005) == 0x1005, "MMU and caches are on");
    check(masks == 0x3C0, "exceptions are masked");
    check((floating_point >> 20 & 3) == 3, "floating point is usable");
    check((uint64_t)__builtin_frame_address(0) % 16 == 0, "the stack is aligned");
}
#else
static void check_processor(void) {
    uint64_t cr0, flags;
    uint32_t efer, efer_high;
    __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
    __asm__ volatile("pushfq\n\tpop %0" : "=r"(flags));
    __asm__ volatile("rdmsr" : "=a"(efer), "=d"(efer_high) : "c"(0xC0000080));
    check((cr0 & 1 << 16) != 0, "write protection is on");
    check((efer & 1 << 11) != 0, "no-execute pages are on");
    check((flags & 1 << 9) == 0, "interrupts are off");
}
#endif

#ifdef CONFIGURED
enum { PRESENT = PAGE_PRESENT, WRITABLE = PAGE_WRITABLE };
#define NO_EXECUTE PAGE_NO_EXECUTE

static uint64_t physical_offset;

static int has(const volatile void *address, uint64_t rights) {
    return rights_of_page(physical_offset, address) == rights;
}

void _start(struct boot_info *info);

static void check_mappings(const struct boot_info *info) {
    check(info->physical_memory_offset.tag == BOOT_SOME, "physical memory is mapped");
    physical_offset = info->physical_memory_offset.value;
    check(*(const uint32_t *)(physical_offset + info->kernel_address) == 0x464C457F,
        "the ELF file is at kernel_address");
    check(has((const void *)(uint64_t)_start, PRESENT), "code is not writable");
    check(has("text", PRESENT | NO_EXECUTE), "constants are neither writable nor executable");
    check(has(&initialized, PRESENT | WRITABLE | NO_EXECUTE), "data is not executable");
    check(has(zeroed, PRESENT | WRITABLE | NO_EXECUTE), "zeroed data is not executable");
    check(has((const void *)info->kernel_stack_bottom, PRESENT | WRITABLE | NO_EXECUTE),
        "the stack is mapped");
    check(has((const void *)(info->kernel_stack_bottom - 1), 0), "the stack is guarded");
    check(has((const void *)8, 0), "the first page is not mapped");
    check(info->kernel_stack_length == CONFIGURED_STACK_SIZE, "stack size as configured");
#ifdef TEXT_MODE
    check(info->framebuffer.tag == BOOT_NONE, "no framebuffer");
    check(has((const void *)0xB8000, PRESENT | WRITABLE | NO_EXECUTE), "text screen is mapped");
    *(volatile uint16_t *)0xB8000 = 0x0B43;
#else
    check(has((const void *)0xB8000, 0), "the low megabyte is not mapped");
#endif

    const struct boot_memory_region *regions = (const void *)info->memory_regions;
    for (uint64_t i = 0; i < info->memory_region_count; i++) {
        for (uint64_t page = regions[i].start;
             regions[i].kind == BOOT_MEMORY_USABLE && page < regions[i].end; page += 4096) {
            *(volatile uint64_t *)(physical_offset + page) = page;
        }
    }
    check(1, "all usable memory can be written");
}
#else
static void check_mappings(const struct boot_info *info) {
    check(info->physical_memory_offset.tag == BOOT_NONE, "physical memory is not mapped");
#if defined(__x86_64__)
    *(volatile uint16_t *)0xB8000 = 0x0B43;
    check(*(const volatile uint16_t *)0x472 != 1, "the low megabyte can be read");
#endif
    check(info->kernel_stack_length == 80 << 10, "stack size by default");
}
#endif

static void check_ramdisk(const struct boot_info *info) {
#ifdef RAMDISK
    const uint8_t *bytes = (const uint8_t *)info->ramdisk_address.value;
    int same = info->ramdisk_address.tag == BOOT_SOME && info->ramdisk_length == RAMDISK;
    for (uint64_t i = 0; same && i < RAMDISK; i++) {
        same = bytes[i] == (uint8_t)i;
    }
    check(same, "RAM disk");
#else
    check(info->ramdisk_address.tag == BOOT_NONE && info->ramdisk_length == 0, "no RAM disk");
#endif
}

void _start(struct boot_info *info) {
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        print(words[i]);
    }
    print("image offset ");
    print_number(info->kernel_image_offset);
    print("\n");
    check_image();
    check_info(info);
    check_processor();
    check_ramdisk(info);
    check_regions(info);
    check_mappings(info);
    finish(failures == 0);
}
