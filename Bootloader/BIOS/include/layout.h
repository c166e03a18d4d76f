// Where the BIOS loader keeps what in the first megabyte. Shared by assembly, C and Swift.
//
//   0x00500  real-mode stack, downwards from the boot sector
//   0x07C00  the loader as it is on the disk: boot sector, second part, packed code
//   0x10000  the code unpacked, with its data
//   0x1C000  stack of the 64-bit part, downwards from 0x20000
//   0x20000  transfer buffer: what the firmware reads from the disk passes through here
//   0x30000  page tables: the first 4 GiB, identity-mapped
//   0x36000  the firmware's memory map
//   0x38000  interrupt descriptors for the processor's exceptions
#ifndef LAYOUT_H
#define LAYOUT_H

#define BOOT_SECTOR_ADDRESS 0x7C00
#define BOOT_PARAMETERS 412 // in the boot sector
#define BOOT_PARAMETERS_END 440
#define LOADER_SECTORS 63 // after the boot sector: all that fits below 64 KiB, 32 KiB in all
#define LONG_MODE_STACK_TOP 0x20000
#define TRANSFER_BUFFER 0x20000
#define TRANSFER_SECTORS 127 // the most that EDD 1.x allows in one call
#define PAGE_TABLES 0x30000
#define PAGE_TABLES_END 0x36000
#define E820_ENTRIES 0x36000
#define E820_ENTRIES_END 0x38000
#define EXCEPTION_TABLE 0x38000

#define COM1 0x3F8

#endif
