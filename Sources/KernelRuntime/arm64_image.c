// Calls _start of a kernel that was started in arm64's `Image` state (arm64_image.S), with boot
// info from the device tree, as the loader calls it.
#if defined(__aarch64__) && !defined(__linux__)

#include "kernel_runtime.h"

void _start(const struct boot_info *info);
extern const uint8_t image_start[], _end[];
extern const uint64_t image_serial_address, image_mailbox_address;

enum { MAXIMUM_RESERVED = 16, MAXIMUM_REGIONS = 64 };

static struct {
    struct boot_info info;
    struct boot_extension extension;
} handoff;
static struct boot_memory_region regions[MAXIMUM_REGIONS];

struct range {
    uint64_t start, end;
};
// What is in memory already, by ascending address.
static struct range reserved[MAXIMUM_RESERVED];
static int reserved_count;

// The properties of a device tree that the boot info has (Devicetree Specification 0.4).
struct tree {
    const uint8_t *start;
    uint32_t address_cells, size_cells; // of the root's children
    struct range ramdisk;
    const char *command_line;
};

static uint32_t big32(const uint8_t *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

// Returns the last 64 bits of a number of so many 32-bit cells.
static uint64_t big(const uint8_t *bytes, uint32_t cells) {
    uint64_t number = 0;
    for (uint32_t cell = 0; cell < cells; cell++) {
        number = number << 32 | big32(bytes + 4 * cell);
    }
    return number;
}

static bool is_equal(const char *left, const char *right) {
    while (*left != 0 && *left == *right) {
        left++, right++;
    }
    return *left == *right;
}

static bool has_prefix(const char *text, const char *prefix) {
    while (*prefix != 0 && *text == *prefix) {
        text++, prefix++;
    }
    return *prefix == 0;
}

static void add_region(uint64_t start, uint64_t end, uint32_t kind) {
    uint64_t *count = &handoff.info.memory_region_count;
    if (start < end && *count < MAXIMUM_REGIONS) {
        regions[(*count)++] = (struct boot_memory_region){start, end, kind, 0};
    }
}

static void reserve(uint64_t start, uint64_t end) {
    if (start >= end || reserved_count == MAXIMUM_RESERVED) {
        return;
    }
    int place = reserved_count++;
    for (; place > 0 && reserved[place - 1].start > start; place--) {
        reserved[place] = reserved[place - 1];
    }
    reserved[place] = (struct range){start, end};
}

// Adds memory, in which the reserved ranges are the boot loader's.
static void add_memory(uint64_t start, uint64_t end) {
    for (int index = 0; index < reserved_count && start < end; index++) {
        struct range range = reserved[index];
        if (range.end <= start || range.start >= end) {
            continue;
        }
        uint64_t first = range.start < start ? start : range.start;
        uint64_t last = range.end > end ? end : range.end;
        add_region(start, first, BOOT_MEMORY_USABLE);
        add_region(first, last, BOOT_MEMORY_BOOTLOADER);
        start = last;
    }
    add_region(start, end, BOOT_MEMORY_USABLE);
}

// Calls a function for each property at the root and in the root's children.
static void for_each_property(
    struct tree *tree,
    void (*body)(
        struct tree *, const char *node, const char *name, const uint8_t *value, uint32_t length)) {
    const uint8_t *next = tree->start + big32(tree->start + 8);
    const char *names = (const char *)tree->start + big32(tree->start + 12);
    const char *node = "";
    enum { BEGIN = 1, END = 2, PROPERTY = 3, LAST = 9 };
    int depth = 0;
    for (;;) {
        uint32_t token = big32(next);
        next += 4;
        if (token == BEGIN) {
            if (++depth <= 2) {
                node = (const char *)next;
            }
            while (*next++ != 0) {
            }
        } else if (token == END) {
            depth--;
        } else if (token == PROPERTY) {
            uint32_t length = big32(next);
            if (depth <= 2) {
                body(tree, node, names + big32(next + 4), next + 8, length);
            }
            next += 8 + length;
        } else if (token == LAST) {
            return;
        }
        next = (const uint8_t *)(((uintptr_t)next + 3) & ~(uintptr_t)3);
    }
}

static void take_setting(
    struct tree *tree, const char *node, const char *name, const uint8_t *value, uint32_t length) {
    if (*node == 0 && is_equal(name, "#address-cells")) {
        tree->address_cells = big32(value);
    } else if (*node == 0 && is_equal(name, "#size-cells")) {
        tree->size_cells = big32(value);
    } else if (is_equal(node, "chosen")) {
        if (is_equal(name, "bootargs")) {
            tree->command_line = (const char *)value;
        } else if (is_equal(name, "linux,initrd-start")) {
            tree->ramdisk.start = big(value, length / 4);
        } else if (is_equal(name, "linux,initrd-end")) {
            tree->ramdisk.end = big(value, length / 4);
        }
    }
}

static void take_memory(
    struct tree *tree, const char *node, const char *name, const uint8_t *value, uint32_t length) {
    if (!has_prefix(node, "memory") || !is_equal(name, "reg")) {
        return;
    }
    uint32_t entry = 4 * (tree->address_cells + tree->size_cells);
    for (; entry != 0 && length >= entry; length -= entry, value += entry) {
        uint64_t start = big(value, tree->address_cells);
        add_memory(start, start + big(value + 4 * tree->address_cells, tree->size_cells));
    }
}

static void read_tree(const uint8_t *start) {
    struct tree tree = {start, 2, 1, {0, 0}, 0};
    for_each_property(&tree, take_setting);
    reserve((uint64_t)start, (uint64_t)start + big32(start + 4));
    reserve(tree.ramdisk.start, tree.ramdisk.end);
    // The memory reservation block: pairs of address and size, ended by zeroes.
    for (const uint8_t *pair = start + big32(start + 16); big(pair + 8, 2) != 0; pair += 16) {
        reserve(big(pair, 2), big(pair, 2) + big(pair + 8, 2));
    }
    for_each_property(&tree, take_memory);
    handoff.extension.device_tree_address =
        (struct boot_optional_u64){BOOT_SOME, 0, (uint64_t)start};
    handoff.extension.command_line = (uint64_t)tree.command_line;
    if (tree.ramdisk.start < tree.ramdisk.end) {
        handoff.info.ramdisk_address =
            (struct boot_optional_u64){BOOT_SOME, 0, tree.ramdisk.start};
        handoff.info.ramdisk_length = tree.ramdisk.end - tree.ramdisk.start;
    }
}

// Asks a Raspberry Pi's firmware for a screen (github.com/raspberrypi/firmware/wiki, "Mailbox
// property interface"). The message is a list of tags, each with the sizes of its value.
static void set_up_screen(volatile uint32_t *mailbox) {
    enum { WIDTH = 1024, HEIGHT = 768, DEPTH = 32, RGB = 1, PROPERTIES = 8 };
    enum { READ = 0, READ_STATUS = 6, WRITE = 8, WRITE_STATUS = 14 }; // registers
    static volatile uint32_t message[] __attribute__((aligned(16))) = {
        30 * 4, 0,
        0x48003, 8, 8, WIDTH, HEIGHT, // physical size
        0x48004, 8, 8, WIDTH, HEIGHT, // virtual size
        0x48005, 4, 4, DEPTH,
        0x48006, 4, 4, RGB,           // order of the pixels
        0x40001, 8, 8, 4096, 0,       // allocate: alignment; address and size
        0x40008, 4, 4, 0,             // pitch
        0,
    };
    enum { CODE = 1, DEPTH_VALUE = 15, ORDER_VALUE = 19, ADDRESS = 23, SIZE = 24, PITCH = 28 };
    uint32_t request = (uint32_t)(uint64_t)message | PROPERTIES;
    while ((mailbox[WRITE_STATUS] & 1u << 31) != 0) { // full
    }
    __asm__ volatile("dsb sy" : : : "memory");
    mailbox[WRITE] = request;
    do {
        while ((mailbox[READ_STATUS] & 1u << 30) != 0) { // empty
        }
    } while (mailbox[READ] != request);
    if (message[CODE] != 0x80000000 || message[DEPTH_VALUE] != DEPTH || message[ADDRESS] == 0) {
        return;
    }
    handoff.info.framebuffer = (struct boot_optional_framebuffer){
        .tag = BOOT_SOME,
        .value = {
            // The firmware's own addresses have two more bits.
            .buffer_start = message[ADDRESS] & 0x3FFFFFFF,
            .byte_length = message[SIZE],
            .width = WIDTH,
            .height = HEIGHT,
            .pixel_format = message[ORDER_VALUE] == RGB ? BOOT_PIXEL_RGB : BOOT_PIXEL_BGR,
            .bytes_per_pixel = DEPTH / 8,
            .stride = message[PITCH] / (DEPTH / 8),
        },
    };
}

// Reports an exception before the kernel has handlers of its own.
static void panic(const struct exception_frame *frame) {
    serial_write_text("Kernel panic: ");
    serial_write_exception(frame);
    serial_write_text("\n");
    debug_exit(DEBUG_EXIT_FAILURE);
}

// Called by arm64_image.S.
__attribute__((noreturn)) void arm64_image_main(
    const uint8_t *device_tree, uint32_t exception_level, uint64_t stack, uint64_t stack_size) {
    const struct boot_optional_u64 none = {BOOT_NONE, 0, 0};
    handoff.info = (struct boot_info){
        .api_version = {BOOT_API_MAJOR, BOOT_API_MINOR, BOOT_API_PATCH, 0, 0},
        .memory_regions = (uint64_t)regions,
        .framebuffer = {.tag = BOOT_NONE},
        // Without an MMU every address is physical.
        .physical_memory_offset = {.tag = BOOT_SOME},
        .recursive_index = {.tag = BOOT_NONE},
        .rsdp_address = none,
        .tls_template = {.tag = BOOT_NONE},
        .ramdisk_address = none,
        .kernel_stack_bottom = stack,
        .kernel_stack_length = stack_size,
    };
    handoff.extension = (struct boot_extension){
        .signature = BOOT_EXTENSION_SIGNATURE,
        .version = 2,
        .exception_level = exception_level,
        .device_tree_address = none,
        .serial_port = {BOOT_SERIAL_PL011, 4, image_serial_address},
        .efi_system_table = none,
        .smbios_address = none,
        .smbios3_address = none,
        .boot_time = none,
    };
    __asm__("mrs %0, CNTFRQ_EL0" : "=r"(handoff.extension.counter_frequency));
    serial_initialize(&handoff.info);
    install_exception_handlers(panic);
    reserve((uint64_t)image_start, (uint64_t)_end);
    // QEMU gives an ELF file no device tree in X0; on virt it is at the start of the memory.
    const uint8_t *start_of_memory = image_start - *(const uint64_t *)(image_start + 8);
    if (device_tree == 0) {
        device_tree = start_of_memory;
    }
    if (big32(device_tree) == 0xD00DFEED) {
        read_tree(device_tree);
    }
    if (image_mailbox_address != 0) {
        set_up_screen((volatile uint32_t *)image_mailbox_address);
    }
    _start(&handoff.info);
    halt_forever();
}

#endif
