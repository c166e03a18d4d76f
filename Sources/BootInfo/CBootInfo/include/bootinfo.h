/* The boot contract as C sees it: what a kernel finds behind RDI at its entry point.
 *
 * The layout is that of rust-osdev's bootloader_api 0.11, byte for byte; every size and
 * offset is asserted below. All integers are little-endian. Kernels in C and C++ need this
 * header alone; kernels in Swift use the library BootInfo over it.
 *
 * SPDX-License-Identifier: Apache-2.0 OR MIT
 */
#ifndef BOOTINFO_H
#define BOOTINFO_H

#include <stddef.h>
#include <stdint.h>

#if defined(__cplusplus)
#define BOOT_STATIC_ASSERT static_assert
#else
#define BOOT_STATIC_ASSERT _Static_assert
#endif
#define BOOT_ASSERT_SIZE(type, bytes) BOOT_STATIC_ASSERT(sizeof(type) == (bytes), #type)
#define BOOT_ASSERT_OFFSET(type, field, bytes) \
    BOOT_STATIC_ASSERT(offsetof(type, field) == (bytes), #type "." #field)

/* The first four bytes of every optional: note that "some" is zero. */
enum { BOOT_SOME = 0, BOOT_NONE = 1 };

/* The contract's version that the loader speaks. */
enum { BOOT_API_MAJOR = 0, BOOT_API_MINOR = 11, BOOT_API_PATCH = 16 };

struct boot_api_version {
    uint16_t major;
    uint16_t minor;
    uint16_t patch;
    uint8_t pre_release; /* 0 or 1 */
    uint8_t reserved;
};
BOOT_ASSERT_SIZE(struct boot_api_version, 8);

enum boot_memory_kind {
    BOOT_MEMORY_USABLE = 0,       /* free for the kernel */
    BOOT_MEMORY_BOOTLOADER = 1,   /* kernel, boot info, page tables, stack; the kernel may reclaim it */
    BOOT_MEMORY_UNKNOWN_UEFI = 2, /* firmware_kind: the EFI memory type */
    BOOT_MEMORY_UNKNOWN_BIOS = 3, /* firmware_kind: the E820 type */
};

struct boot_memory_region {
    uint64_t start;         /* physical address of the first byte */
    uint64_t end;           /* physical address after the last byte */
    uint32_t kind;          /* enum boot_memory_kind */
    uint32_t firmware_kind; /* for the two unknown kinds only */
};
BOOT_ASSERT_SIZE(struct boot_memory_region, 24);

enum boot_pixel_format {
    BOOT_PIXEL_RGB = 0, /* red in the lowest byte */
    BOOT_PIXEL_BGR = 1, /* blue in the lowest byte */
    BOOT_PIXEL_U8 = 2,  /* one byte of grey */
    BOOT_PIXEL_UNKNOWN = 3,
};

struct boot_framebuffer {
    uint64_t buffer_start; /* virtual address */
    uint64_t byte_length;
    uint64_t width;  /* pixels */
    uint64_t height; /* pixels */
    uint32_t pixel_format; /* enum boot_pixel_format */
    uint8_t red_position;  /* bit positions, for BOOT_PIXEL_UNKNOWN only */
    uint8_t green_position;
    uint8_t blue_position;
    uint8_t reserved;
    uint64_t bytes_per_pixel;
    uint64_t stride; /* pixels from one line to the next */
};
BOOT_ASSERT_SIZE(struct boot_framebuffer, 56);

struct boot_tls_template {
    uint64_t start_address; /* virtual address of the initial bytes */
    uint64_t file_size;     /* bytes that are copied */
    uint64_t memory_size;   /* bytes in all; the rest is zero */
};
BOOT_ASSERT_SIZE(struct boot_tls_template, 24);

struct boot_optional_framebuffer {
    uint32_t tag;
    uint32_t reserved;
    struct boot_framebuffer value;
};

struct boot_optional_u64 {
    uint32_t tag;
    uint32_t reserved;
    uint64_t value;
};

struct boot_optional_u16 {
    uint32_t tag;
    uint16_t value;
    uint16_t reserved;
};

struct boot_optional_tls_template {
    uint32_t tag;
    uint32_t reserved;
    struct boot_tls_template value;
};

struct boot_info {
    struct boot_api_version api_version;
    uint64_t memory_regions; /* virtual address of an array of struct boot_memory_region */
    uint64_t memory_region_count;
    struct boot_optional_framebuffer framebuffer;
    struct boot_optional_u64 physical_memory_offset; /* virtual address of physical address 0 */
    struct boot_optional_u16 recursive_index;        /* index into the level-4 table */
    struct boot_optional_u64 rsdp_address;           /* physical address of ACPI's root pointer */
    struct boot_optional_tls_template tls_template;
    struct boot_optional_u64 ramdisk_address; /* virtual address */
    uint64_t ramdisk_length;
    uint64_t kernel_address; /* physical address of the kernel's ELF file in memory */
    uint64_t kernel_length;
    uint64_t kernel_image_offset;  /* what was added to the ELF file's virtual addresses */
    uint64_t kernel_stack_bottom;  /* virtual address of the stack's lowest byte */
    uint64_t kernel_stack_length;
    uint64_t test_sentinel; /* from boot.json; used by the loader's own tests */
};
BOOT_ASSERT_SIZE(struct boot_info, 232);
BOOT_ASSERT_OFFSET(struct boot_info, memory_regions, 8);
BOOT_ASSERT_OFFSET(struct boot_info, framebuffer, 24);
BOOT_ASSERT_OFFSET(struct boot_info, physical_memory_offset, 88);
BOOT_ASSERT_OFFSET(struct boot_info, recursive_index, 104);
BOOT_ASSERT_OFFSET(struct boot_info, rsdp_address, 112);
BOOT_ASSERT_OFFSET(struct boot_info, tls_template, 128);
BOOT_ASSERT_OFFSET(struct boot_info, ramdisk_address, 160);
BOOT_ASSERT_OFFSET(struct boot_info, ramdisk_length, 176);
BOOT_ASSERT_OFFSET(struct boot_info, kernel_address, 184);
BOOT_ASSERT_OFFSET(struct boot_info, kernel_image_offset, 200);
BOOT_ASSERT_OFFSET(struct boot_info, kernel_stack_bottom, 208);
BOOT_ASSERT_OFFSET(struct boot_info, test_sentinel, 224);

#endif
