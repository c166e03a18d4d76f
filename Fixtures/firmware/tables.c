// A UEFI application for AArch64 that replaces a table of the firmware and starts the loader, from
// the file LOADER, with the volume of this application. With -DTREE="FILE" the table is a device
// tree. Otherwise it is ACPI's root pointer, to a list whose length field is LIST_LENGTH (correct:
// 44), to a serial port console redirection table whose length field is PORT_LENGTH (correct: 80).
// The port is the PL011 of QEMU's virt, or with -DPORT_OF_PCI the 16550 of a pci-serial, whose
// address this application sets (with highmem=off).
#include "start_loader.h"

#ifdef TREE
static _Alignas(8) uint8_t table[] = {
#embed TREE
};
static struct efi_guid table_guid = efi_device_tree_guid;

#else
struct __attribute__((packed)) header {
    uint32_t signature;
    uint32_t byte_count;
    uint8_t rest[28];
};

static struct __attribute__((packed)) {
    struct header header;
    uint8_t kind;
    uint8_t reserved[3];
    uint8_t address_space, bit_width, bit_offset, access_size;
    uint64_t address;
    uint8_t rest[28];
} port = {
    .header = {.signature = 0x52435053, .byte_count = PORT_LENGTH},
#ifdef PORT_OF_PCI
    .kind = 0, // 16550
    .bit_width = 8,
    .access_size = 1,
    .address = 0x3EFF1000, // I/O port 0x1000
#else
    .kind = 3, // PL011
    .bit_width = 32,
    .access_size = 3,
    .address = 0x09000000,
#endif
};

static struct __attribute__((packed)) {
    struct header header;
    void *entry;
} list = {
    .header = {.signature = 0x54445358, .byte_count = LIST_LENGTH},
    .entry = &port,
};

static struct __attribute__((packed)) {
    uint64_t signature;
    uint8_t checksum, oem[6], revision;
    uint32_t old_list, byte_count;
    void *list;
    uint8_t rest[4];
} table = {
    .signature = 0x2052545020445352,
    .revision = 2,
    .byte_count = 36,
    .list = &list,
};
static struct efi_guid table_guid = efi_acpi_2_guid;
#endif

#ifdef PORT_OF_PCI
// Enables a pci-serial at I/O port 0x1000 (PCI 3.0, section 6.1: vendor, command, BAR 0).
static void enable_port(void) {
    for (uint64_t device = 0; device < 32; device++) {
        volatile uint32_t *configuration = (volatile uint32_t *)(0x3F000000 | device << 15);
        if (configuration[0] == 0x00021B36) {
            configuration[4] = 0x1000;
            configuration[1] = 1;
        }
    }
}
#else
static void enable_port(void) {}
#endif

uint64_t efi_main(efi_handle self, struct efi_system_table *system) {
    efi_status (*install)(const struct efi_guid *, void *) =
        system->boot_services->install_configuration_table;
    enable_port();
    return install(&table_guid, &table) != 0 ? 1 : start_loader(self, system);
}
