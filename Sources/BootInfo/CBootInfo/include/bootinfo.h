/* The boot contract in C: the structure whose address a kernel's entry point receives in RDI (X0
 * on AArch64), and the section in which a kernel requests its configuration.
 *
 * The layout is that of rust-osdev's bootloader_api 0.11, byte for byte; every size and
 * offset is asserted below. All integers are little-endian. Kernels in C (C11 and later) and
 * C++ (C++11 and later) need only this header; kernels in Swift use the library BootInfo.
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

/* Places a variable in a section and prevents compiler and linker from removing it. */
#if __has_attribute(retain)
#define BOOT_KEPT_IN(name) __attribute__((section(name), used, retain))
#else
#define BOOT_KEPT_IN(name) __attribute__((section(name), used))
#endif

/* The first four bytes of every optional; note that BOOT_SOME is zero. */
enum { BOOT_SOME = 0, BOOT_NONE = 1 };

/* The version of the contract that the loader implements. */
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
    BOOT_MEMORY_USABLE = 0,       /* available to the kernel */
    BOOT_MEMORY_BOOTLOADER = 1,   /* kernel, stack, boot info, page tables; may be reclaimed */
    BOOT_MEMORY_UNKNOWN_UEFI = 2, /* firmware_kind: the EFI memory type */
    BOOT_MEMORY_UNKNOWN_BIOS = 3, /* firmware_kind: the E820 type */
};

struct boot_memory_region {
    uint64_t start;         /* physical address of the first byte */
    uint64_t end;           /* physical address after the last byte */
    uint32_t kind;          /* enum boot_memory_kind */
    uint32_t firmware_kind; /* of the two unknown kinds only */
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
    uint64_t file_size;     /* bytes to copy */
    uint64_t memory_size;   /* total bytes; the rest is zero */
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
    uint64_t kernel_image_offset;  /* added to the ELF file's virtual addresses */
    uint64_t kernel_stack_bottom;  /* virtual address of the stack's lowest byte */
    uint64_t kernel_stack_length;
    uint64_t test_sentinel; /* from boot.json; for tests of the loader */
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

/* The kind of a serial port with memory-mapped registers. */
enum { BOOT_SERIAL_NONE, BOOT_SERIAL_PL011, BOOT_SERIAL_16550 };

struct boot_serial_port {
    uint32_t kind;            /* BOOT_SERIAL_… */
    uint32_t register_stride; /* distance between registers and size of an access: 1 or 4 */
    uint64_t address;         /* physical, and the virtual address that it is mapped at */
};
BOOT_ASSERT_SIZE(struct boot_serial_port, 16);

/* A file that the image contains for the kernel, besides the RAM disk. */
struct boot_module {
    uint64_t address; /* virtual, at the start of a page; no page has anything else */
    uint64_t length;  /* bytes */
    uint64_t name;    /* virtual address of zero-terminated UTF-8 */
    uint64_t string;  /* virtual address of zero-terminated UTF-8, empty by default */
};
BOOT_ASSERT_SIZE(struct boot_module, 32);

/* A processor of the machine. The loader parks all but the first one, each with a stack of its own,
 * in the state in which the first one enters the kernel. */
struct boot_processor {
    uint32_t id; /* ACPI's number of it; 0 without ACPI */
    uint32_t reserved;
    uint64_t hardware_id;  /* x86-64: of its local APIC; AArch64: MPIDR's affinity fields */
    uint64_t entry;        /* virtual address to go to, with this structure's in RDI or X0 */
    uint64_t argument;     /* for the kernel */
    uint64_t is_parked;    /* 1 while it waits for an entry */
    uint64_t stack_bottom; /* virtual address of the stack's lowest byte */
    uint64_t stack_length;
};
BOOT_ASSERT_SIZE(struct boot_processor, 56);
BOOT_ASSERT_OFFSET(struct boot_processor, entry, 16);
BOOT_ASSERT_OFFSET(struct boot_processor, is_parked, 32);

/* Boot info beyond the contract, which this loader places directly after struct boot_info. */
struct boot_extension {
    uint64_t signature; /* BOOT_EXTENSION_SIGNATURE; other loaders have other bytes here */
    uint32_t version;   /* 2; fields below are absent from version 1 */
    uint32_t exception_level; /* AArch64: that of firmware, 1 or 2; x86-64: 0 */
    struct boot_optional_u64 device_tree_address; /* physical address of a flattened device tree */
    struct boot_serial_port serial_port; /* AArch64: that which firmware describes */

    /* Since version 2. */
    uint64_t command_line; /* virtual address of zero-terminated UTF-8; 0 if there is none */
    uint64_t modules;      /* virtual address of an array of struct boot_module */
    uint64_t module_count;
    struct boot_optional_u64 efi_system_table; /* physical address */
    struct boot_optional_u64 smbios_address;   /* physical address of SMBIOS's entry point */
    struct boot_optional_u64 smbios3_address;  /* the same for tables above 4 GiB (SMBIOS 3) */
    uint64_t efi_memory_map; /* virtual address of a copy of UEFI's map; 0 if there is none */
    uint64_t efi_memory_map_length;   /* bytes */
    uint32_t efi_descriptor_size;     /* distance between two descriptors, in bytes */
    uint32_t efi_descriptor_version;
    struct boot_optional_u64 boot_time; /* seconds since 1970, UTC */
    uint64_t counter_frequency; /* Hz, of the time stamp counter or the generic timer; 0: unknown */
    uint64_t processors; /* virtual address of an array of struct boot_processor, this one first */
    uint64_t processor_count; /* 0 unless BOOT_REQUEST_PROCESSORS is set */
};
BOOT_ASSERT_SIZE(struct boot_extension, 184);
BOOT_ASSERT_OFFSET(struct boot_extension, command_line, 48);
BOOT_ASSERT_OFFSET(struct boot_extension, efi_system_table, 72);
BOOT_ASSERT_OFFSET(struct boot_extension, efi_memory_map, 120);
BOOT_ASSERT_OFFSET(struct boot_extension, boot_time, 144);
BOOT_ASSERT_OFFSET(struct boot_extension, processor_count, 176);

#define BOOT_EXTENSION_SIGNATURE 0x444E5458544F4F42 /* "BOOTXTND" */

/* Returns the extension, or a null pointer if another loader started the kernel. */
static inline const struct boot_extension *boot_extension_of(const struct boot_info *info) {
    const struct boot_extension *extension = (const struct boot_extension *)(info + 1);
    return extension->signature == BOOT_EXTENSION_SIGNATURE ? extension : NULL;
}

/* Sends a parked processor to `entry`, which never returns. A parked processor runs in memory of
 * kind BOOT_MEMORY_BOOTLOADER, with the page tables that the loader made: start it before you reuse
 * them. */
static inline void boot_start_processor(
    struct boot_processor *processor, void (*entry)(struct boot_processor *), uint64_t argument) {
    processor->argument = argument;
    __atomic_store_n(&processor->entry, (uint64_t)entry, __ATOMIC_RELEASE);
}

/* What takes time, and is there on request only. */
enum {
    BOOT_REQUEST_PROCESSORS = 1,        /* the extension's processors */
    BOOT_REQUEST_COUNTER_FREQUENCY = 2, /* measured in 6 ms where the processor does not state it */
};

/* Defines the section `.bootimage-requests`, 8 bytes; goes outside any function, in one file of the
 * kernel: BOOT_REQUEST(BOOT_REQUEST_PROCESSORS). Kernels of the first contract and plain ones may
 * have it. Numbers that the loader does not know are refused.
 */
#define BOOT_REQUEST(requests) \
    BOOT_KEPT_IN(".bootimage-requests") static const uint64_t boot_requested = (requests)

/* The kernel configuration: the section `.bootloader-config`, 133 bytes without padding. A kernel
 * defines it with BOOT_CONFIGURATION, below. */

#define BOOT_PACKED __attribute__((packed))

/* A placement: chosen by the loader, or fixed at a page-aligned virtual address. */
struct BOOT_PACKED boot_mapping {
    uint8_t is_fixed; /* 0 or 1 */
    uint64_t address; /* virtual; zero unless is_fixed is 1 */
};
BOOT_ASSERT_SIZE(struct boot_mapping, 9);
BOOT_ASSERT_OFFSET(struct boot_mapping, address, 1);
#define BOOT_DYNAMIC {0, 0}
#define BOOT_FIXED(address) {1, (address)}

/* The placement of something that is not mapped by default. */
struct BOOT_PACKED boot_optional_mapping {
    uint8_t is_present; /* 0 or 1 */
    struct boot_mapping value;
};
BOOT_ASSERT_SIZE(struct boot_optional_mapping, 10);
BOOT_ASSERT_OFFSET(struct boot_optional_mapping, value, 1);
#define BOOT_MAPPED(mapping) {1, mapping}

/* A number that the loader chooses by default. */
struct BOOT_PACKED boot_optional_address {
    uint8_t is_present; /* 0 or 1 */
    uint64_t value;     /* zero unless is_present is 1 */
};
BOOT_ASSERT_SIZE(struct boot_optional_address, 9);
BOOT_ASSERT_OFFSET(struct boot_optional_address, value, 1);
#define BOOT_LIMIT(value) {1, (value)}

struct BOOT_PACKED boot_configuration {
    uint8_t identifier[16];
    uint16_t version_major;
    uint16_t version_minor;
    uint16_t version_patch;
    uint8_t version_pre_release; /* 0 or 1 */
    uint64_t kernel_stack_size;  /* bytes */
    struct boot_mapping kernel_stack;
    struct boot_mapping kernel_base; /* of a position-independent kernel */
    struct boot_mapping boot_info;
    struct boot_mapping framebuffer;
    struct boot_optional_mapping physical_memory;      /* all of it, physical address 0 first */
    struct boot_optional_mapping page_table_recursive; /* fixed: selects the level-4 entry */
    uint8_t aslr; /* 1: the loader chooses random addresses */
    struct boot_optional_address dynamic_range_start; /* lowest virtual address to choose */
    struct boot_optional_address dynamic_range_end;   /* highest virtual address to choose */
    struct boot_mapping ramdisk;
    struct boot_optional_address minimum_framebuffer_height; /* pixels; boot.json overrides it */
    struct boot_optional_address minimum_framebuffer_width;  /* pixels; boot.json overrides it */
};
BOOT_ASSERT_SIZE(struct boot_configuration, 133);
BOOT_ASSERT_OFFSET(struct boot_configuration, version_major, 16);
BOOT_ASSERT_OFFSET(struct boot_configuration, version_minor, 18);
BOOT_ASSERT_OFFSET(struct boot_configuration, version_patch, 20);
BOOT_ASSERT_OFFSET(struct boot_configuration, version_pre_release, 22);
BOOT_ASSERT_OFFSET(struct boot_configuration, kernel_stack_size, 23);
BOOT_ASSERT_OFFSET(struct boot_configuration, kernel_stack, 31);
BOOT_ASSERT_OFFSET(struct boot_configuration, kernel_base, 40);
BOOT_ASSERT_OFFSET(struct boot_configuration, boot_info, 49);
BOOT_ASSERT_OFFSET(struct boot_configuration, framebuffer, 58);
BOOT_ASSERT_OFFSET(struct boot_configuration, physical_memory, 67);
BOOT_ASSERT_OFFSET(struct boot_configuration, page_table_recursive, 77);
BOOT_ASSERT_OFFSET(struct boot_configuration, aslr, 87);
BOOT_ASSERT_OFFSET(struct boot_configuration, dynamic_range_start, 88);
BOOT_ASSERT_OFFSET(struct boot_configuration, dynamic_range_end, 97);
BOOT_ASSERT_OFFSET(struct boot_configuration, ramdisk, 106);
BOOT_ASSERT_OFFSET(struct boot_configuration, minimum_framebuffer_height, 115);
BOOT_ASSERT_OFFSET(struct boot_configuration, minimum_framebuffer_width, 124);

#define BOOT_CONFIGURATION_IDENTIFIER \
    {0x74, 0x3C, 0xA9, 0x61, 0x09, 0x36, 0x46, 0xA0, 0xBB, 0x55, 0x5C, 0x15, 0x89, 0x15, 0x25, 0x3D}

/* The default size of the stack in bytes. */
#define BOOT_DEFAULT_STACK_SIZE (80 << 10)

/* Defines the section; goes outside any function, in one file of the kernel:
 *
 *     BOOT_CONFIGURATION(
 *         32 << 10,
 *         .physical_memory = BOOT_MAPPED(BOOT_DYNAMIC),
 *         .dynamic_range_start = BOOT_LIMIT(0xFFFF800000000000));
 *
 * First comes the stack's size in bytes, then, in the structure's order, every field that differs
 * from its default. By default the loader chooses all addresses, and optional fields are absent.
 */
#define BOOT_CONFIGURATION(...)                                                           \
    BOOT_CONFIGURATION_BEGIN                                                              \
    BOOT_KEPT_IN(".bootloader-config") static const struct boot_configuration boot_configured = { \
        .identifier = BOOT_CONFIGURATION_IDENTIFIER,                                      \
        .version_major = BOOT_API_MAJOR,                                                  \
        .version_minor = BOOT_API_MINOR,                                                  \
        .version_patch = BOOT_API_PATCH,                                                  \
        .kernel_stack_size = __VA_ARGS__                                                  \
    };                                                                                    \
    BOOT_CONFIGURATION_END                                                                \
    BOOT_ASSERT_SIZE(struct boot_configuration, 133)

/* C++ before C++20 warns about designated initializers, later versions about missing ones. */
#if defined(__cplusplus)
#define BOOT_CONFIGURATION_BEGIN                             \
    _Pragma("GCC diagnostic push")                           \
    _Pragma("GCC diagnostic ignored \"-Wc++20-extensions\"") \
    _Pragma("GCC diagnostic ignored \"-Wmissing-field-initializers\"")
#define BOOT_CONFIGURATION_END _Pragma("GCC diagnostic pop")
#else
#define BOOT_CONFIGURATION_BEGIN
#define BOOT_CONFIGURATION_END
#endif

#endif
