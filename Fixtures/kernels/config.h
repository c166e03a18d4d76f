// The section `.bootloader-config` of bootloader_api 0.11.16, with all of the physical memory
// mapped wherever there is room, and a stack of 32 KiB.
#pragma once
#include <stdint.h>

struct __attribute__((packed)) mapping {
    uint8_t is_fixed;
    uint64_t address;
};

struct __attribute__((packed)) optional_mapping {
    uint8_t is_present;
    struct mapping mapping;
};

struct __attribute__((packed)) optional_address {
    uint8_t is_present;
    uint64_t address;
};

struct __attribute__((packed)) bootloader_config {
    uint8_t identifier[16];
    uint16_t major, minor, patch;
    uint8_t pre_release;
    uint64_t stack_size;
    struct mapping stack, kernel_base, boot_info, framebuffer;
    struct optional_mapping physical_memory, recursive_page_table;
    uint8_t aslr;
    struct optional_address range_start, range_end;
    struct mapping ramdisk;
    struct optional_address minimum_height, minimum_width;
};
_Static_assert(sizeof(struct bootloader_config) == 133, "bootloader_api 0.11.11 and later");

#define CONFIGURED_STACK_SIZE 0x8000

__attribute__((section(".bootloader-config"), used))
static const struct bootloader_config bootloader_config = {
    .identifier = {0x74, 0x3C, 0xA9, 0x61, 0x09, 0x36, 0x46, 0xA0, 0xBB, 0x55, 0x5C, 0x15, 0x89,
        0x15, 0x25, 0x3D},
    .major = 0,
    .minor = 11,
    .patch = 16,
    .stack_size = CONFIGURED_STACK_SIZE,
    .physical_memory = {.is_present = 1},
};
