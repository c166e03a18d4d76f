// The BIOS loader's memory in the first megabyte, for assembly, C and Swift.
//
//   0x00500  real-mode stack, growing down from the boot sector
//   0x07C00  the loader as on the disk: boot sector, second part, packed code
//   0x18000  the unpacked code and its data
//   0x2C000  stack of the 64-bit part, growing down from 0x30000
//   0x30000  transfer buffer: the firmware reads the disk into it
//   0x40000  page tables: the first 4 GiB, identity-mapped
//   0x46000  the firmware's memory map
//   0x48000  interrupt descriptors for the processor's exceptions
//   0x49000  disk address packet, then the payload's header
//   0x4A000  free
#ifndef LAYOUT_H
#define LAYOUT_H

#define BOOT_SECTOR_ADDRESS 0x7C00
#define BOOT_PARAMETERS 412 // in the boot sector
#define BOOT_PARAMETERS_END 440
#define LOADER_SECTORS 127 // after the boot sector: all that EDD 1.x reads in one call
#define LONG_MODE_STACK_TOP 0x30000
#define TRANSFER_BUFFER 0x30000
#define TRANSFER_SECTORS 127 // EDD 1.x allows no more in one call
#define PAGE_TABLES 0x40000
#define PAGE_TABLES_END 0x46000
#define E820_ENTRIES 0x46000
#define E820_ENTRIES_END 0x48000
#define EXCEPTION_TABLE 0x48000
#define DISK_ADDRESS_PACKET 0x49000
#define PAYLOAD_HEADER 0x49200
#define LOADER_END 0x4A000

#define COM1 0x3F8

#endif
