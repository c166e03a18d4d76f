// The first sector of a disk, or of a CD's boot image: reads the loader's second part and jumps
// there. The firmware starts it at 0000:7C00 in real mode with the drive number in DL.
//
// Bytes 3…89 are unused: firmware that mistakes a stick for a floppy writes a BIOS parameter block
// there. The image's writer fills bytes 412…509: locations of the rest of the loader and of its
// payload, disk signature, partitions.

#include "layout.h"

    .section .boot_sector, "awx"
    .code16
    .globl boot_sector
boot_sector:
    jmp 1f
    nop
    .org 90
1:
    cli
    cld
    ljmp $0, $2f                    // some firmware enters at 07C0:0000
2:
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $boot_sector, %sp
    sti
    movb %dl, boot_drive

    movb $0x41, %ah                 // int 13h extensions present? (EDD 3.0, section 5.2)
    movw $0x55AA, %bx
    int $0x13
    movw $no_extensions, %si
    jc fail
    cmpw $0xAA55, %bx
    jne fail

    movw packet_sectors, %ax
    movw %ax, sectors
    movw packet_address, %ax        // a segment's start, from which 64 KiB can be read
    shrw $4, %ax
    movw %ax, packet_address + 2
    movw $0, packet_address
    movb $3, %bl                    // attempts
3:
    movw $disk_address_packet, %si
    movw sectors, %ax
    movw %ax, packet_sectors        // firmware writes the number of sectors read into the packet
    movb boot_drive, %dl
    movb $0x42, %ah
    int $0x13
    jnc second_part
    xorb %ah, %ah                   // reset the drive, then retry
    movb boot_drive, %dl
    int $0x13
    decb %bl
    jnz 3b
    movw $read_error, %si
    // falls through

// Prints the text at SI on the screen and COM1, then halts.
fail:
    call print
4:
    hlt
    jmp 4b

    .globl print
print:
    lodsb
    testb %al, %al
    jz 6f
    movb $0x0E, %ah                 // teletype output
    movw $0x0007, %bx
    int $0x10
    movb %al, %cl
    movw $COM1 + 5, %dx
    xorw %di, %di
5:                                  // wait for the transmitter, but not forever
    decw %di
    jz 7f
    inb %dx, %al
    testb $0x20, %al
    jz 5b
7:
    movb %cl, %al
    movw $COM1, %dx
    outb %al, %dx
    jmp print
6:
    ret

no_extensions:
    .asciz "bootimage: this BIOS has no int 13h extensions\r\n"
read_error:
    .asciz "bootimage: cannot read the loader from the disk\r\n"

    .globl boot_drive
boot_drive:
    .byte 0
sectors:
    .word 0

    // The values for a disk that starts with the loader and has its payload at 1 MiB.
    .org BOOT_PARAMETERS
    .word 512, 0                    // the drive's bytes per sector
    .quad 2048                      // the payload header's sector, in units of 512 bytes
disk_address_packet:
    .byte 16, 0
packet_sectors:
    .word LOADER_SECTORS
packet_address:
    .word second_part, 0            // offset, segment
    .quad 1                         // LBA
    .org BOOT_PARAMETERS_END
    .fill 70, 1, 0
    .word 0xAA55
