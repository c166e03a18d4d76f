// The BIOS loader's way from real mode to long mode, where Swift takes over, and the way back for
// firmware calls.

#include "layout.h"

// Selectors into the table below.
#define CODE32 0x08
#define DATA 0x10
#define CODE16 0x18
#define CODE64 0x20
#define DATA16 0x28

#define CR0_PE 0x00000001
#define CR0_MP 0x00000002
#define CR0_EM 0x00000004
#define CR0_WP 0x00010000
#define CR0_PG 0x80000000
#define CR4_PAE 0x020
#define CR4_OSFXSR 0x200
#define CR4_OSXMMEXCPT 0x400
#define MSR_EFER 0xC0000080
#define EFER_LME 0x100
#define EFER_NXE 0x800

    .section .second_part, "awx"
    .code16
    .globl second_part
second_part:
    call require_long_mode
    call enable_a20
    cli
    lidt real_mode_idt
    lgdt gdt_descriptor
    movl %cr0, %eax
    orl $CR0_PE, %eax
    movl %eax, %cr0
    ljmp $CODE32, $protected_mode

// Halts with a message on a processor without long mode or no-execute pages.
require_long_mode:
    movl $0x80000000, %eax
    cpuid
    cmpl $0x80000001, %eax
    jb 1f
    movl $0x80000001, %eax
    cpuid
    andl $(1 << 29 | 1 << 20), %edx
    cmpl $(1 << 29 | 1 << 20), %edx
    jne 1f
    ret
1:
    movw $no_long_mode, %si
    jmp halt_with_message

halt_with_message:
    call print
1:
    hlt
    jmp 1b

// Enables address line A20 by the firmware, the keyboard controller or the system control port,
// whichever works first; each attempt is checked.
enable_a20:
    call a20_is_open
    jne 9f
    movw $0x2401, %ax
    int $0x15
    call a20_is_open
    jne 9f
    call keyboard_wait
    movb $0xD1, %al
    outb %al, $0x64
    call keyboard_wait
    movb $0xDF, %al
    outb %al, $0x60
    call keyboard_wait
    call a20_is_open
    jne 9f
    inb $0x92, %al
    orb $0x02, %al
    andb $0xFE, %al                 // bit 0 would reset the machine
    outb %al, $0x92
    movw $0xFFFF, %cx
1:
    call a20_is_open
    jne 9f
    loop 1b
    movw $no_a20, %si
    jmp halt_with_message
9:
    ret

keyboard_wait:
    movw $0xFFFF, %cx
1:
    inb $0x64, %al
    testb $0x02, %al
    loopnz 1b
    ret

// Zero flag clear: FFFF:0510 (linear 0x100500) and 0000:0500 are different bytes.
a20_is_open:
    pushw %es
    movw $0xFFFF, %ax
    movw %ax, %es
    movb 0x0500, %dl
    movb %es:0x0510, %dh
    movb $0x00, %es:0x0510
    movb $0xFF, 0x0500
    cmpb $0xFF, %es:0x0510
    movb %dh, %es:0x0510
    movb %dl, 0x0500
    popw %es
    ret

no_long_mode:
    .asciz "bootimage: this processor has no 64-bit mode\r\n"
no_a20:
    .asciz "bootimage: cannot enable address line A20\r\n"

    .code32
protected_mode:
    movw $DATA, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $LONG_MODE_STACK_TOP, %esp

    call unpack
    movl $bss_start, %edi           // .bss
    movl $bss_end, %ecx
    subl %edi, %ecx
    xorl %eax, %eax
    rep stosb

    movl $PAGE_TABLES, %edi         // level 4, level 3, four level-2 tables of 2 MiB pages
    movl $(PAGE_TABLES_END - PAGE_TABLES) / 4, %ecx
    rep stosl
    movl $(PAGE_TABLES + 0x1003), PAGE_TABLES
    movl $(PAGE_TABLES + 0x1000), %edi
    movl $(PAGE_TABLES + 0x2003), %eax
    movl $4, %ecx
1:
    movl %eax, (%edi)
    addl $8, %edi
    addl $0x1000, %eax
    loop 1b
    movl $(PAGE_TABLES + 0x2000), %edi
    movl $0x83, %eax                // present, writable, large
    movl $2048, %ecx
2:
    movl %eax, (%edi)
    addl $8, %edi
    addl $0x200000, %eax
    loop 2b

    movl $MSR_EFER, %ecx
    rdmsr
    orl $(EFER_LME | EFER_NXE), %eax
    wrmsr
    movl $long_mode, %ebx
    jmp enter_long_mode

// Unpacks the LZ4 block that ../pack.swift made.
unpack:
    movl $packed, %esi
    movl $unpacked, %edi
1:
    xorl %eax, %eax
    lodsb                           // token: number of literals, length of the match less 4
    movl %eax, %edx
    shrl $4, %eax
    call read_length
    rep movsb
    cmpl $unpacked_end, %edi        // the block ends with literals
    jae 2f
    lodsw                           // the match's distance
    movzwl %ax, %ebx
    negl %ebx
    movl %edx, %eax
    andl $0xF, %eax
    call read_length
    addl $4, %ecx
    addl %edi, %ebx
    xchgl %esi, %ebx
    rep movsb
    movl %ebx, %esi
    jmp 1b
2:
    ret

// ECX = the length that starts with EAX; after 15 and after each 255 another byte is added.
read_length:
    movl %eax, %ecx
    cmpl $15, %eax
    jne 2f
1:
    movzbl (%esi), %eax
    incl %esi
    addl %eax, %ecx
    cmpl $255, %eax
    je 1b
2:
    ret

// Enters long mode at EBX; also used to return from a firmware call.
enter_long_mode:
    movl $PAGE_TABLES, %eax
    movl %eax, %cr3
    movl %cr4, %eax
    orl $(CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT), %eax
    movl %eax, %cr4
    movl %cr0, %eax
    andl $~CR0_EM, %eax
    orl $(CR0_PG | CR0_WP | CR0_MP | CR0_PE), %eax
    movl %eax, %cr0
    ljmp $CODE64, $1f
    .code64
1:
    movl $DATA, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    jmp *%rbx

long_mode:
    movl $LONG_MODE_STACK_TOP, %esp
    xorl %ebp, %ebp
    movzbl boot_drive, %edi
    call bios_main
    ud2

// void bios_call(uint8_t vector, struct bios_registers *registers)
//
// Calls the firmware: switches to real mode with the given registers, raises the software
// interrupt, and returns to long mode with the resulting registers and flags.
    .globl bios_call
bios_call:
    pushq %rbx
    pushq %rbp
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    pushq %rsi
    movb %dil, real_mode_interrupt + 1
    movl $real_mode_registers, %edi
    movl $10, %ecx
    rep movsl
    movq %rsp, long_mode_stack
    sidt long_mode_idt
    ljmpl *compatibility_mode_pointer

    .code32
compatibility_mode:
    movl $DATA16, %eax              // firmware expects the segment limits of real mode
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl %cr0, %eax
    andl $~CR0_PG, %eax
    movl %eax, %cr0
    ljmp $CODE16, $1f
    .code16
1:
    movl %cr0, %eax
    andl $~CR0_PE, %eax
    movl %eax, %cr0
    ljmp $0, $2f
2:
    xorw %ax, %ax
    movw %ax, %ss
    movl $BOOT_SECTOR_ADDRESS, %esp // all 32 bits: firmware may address its caller's flags by ESP
    movw %ax, %ds
    lidt real_mode_idt
    movw %ax, %fs
    movw %ax, %gs
    movl real_mode_registers + 4, %ebx
    movl real_mode_registers + 8, %ecx
    movl real_mode_registers + 12, %edx
    movl real_mode_registers + 16, %esi
    movl real_mode_registers + 20, %edi
    movl real_mode_registers + 24, %ebp
    movw real_mode_registers + 32, %es
    pushw real_mode_registers + 28
    movl real_mode_registers, %eax
    popw %ds
    sti
real_mode_interrupt:
    int $0
    cli
    cld
    pushw %ds
    pushw %cs
    popw %ds
    popw real_mode_registers + 28
    pushfl
    popl real_mode_registers + 36
    movl %eax, real_mode_registers
    movl %ebx, real_mode_registers + 4
    movl %ecx, real_mode_registers + 8
    movl %edx, real_mode_registers + 12
    movl %esi, real_mode_registers + 16
    movl %edi, real_mode_registers + 20
    movl %ebp, real_mode_registers + 24
    movw %es, real_mode_registers + 32

    lgdt gdt_descriptor             // firmware may have loaded its own
    movl %cr0, %eax
    orl $CR0_PE, %eax
    movl %eax, %cr0
    ljmp $CODE32, $1f
    .code32
1:
    movl $DATA, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movl $firmware_returned, %ebx
    jmp enter_long_mode

    .code64
firmware_returned:
    lidt long_mode_idt
    movq long_mode_stack, %rsp
    popq %rdi
    movl $real_mode_registers, %esi
    movl $10, %ecx
    rep movsl
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbp
    popq %rbx
    ret

    .balign 8
gdt:
    .quad 0
    .quad 0x00CF9B000000FFFF        // 32-bit code
    .quad 0x00CF93000000FFFF        // data
    .quad 0x00009B000000FFFF        // 16-bit code
    .quad 0x00AF9B000000FFFF        // 64-bit code
    .quad 0x000093000000FFFF        // 16-bit data
gdt_end:
gdt_descriptor:
    .word gdt_end - gdt - 1
    .long gdt
real_mode_idt:
    .word 0x3FF
    .long 0

    .balign 8
compatibility_mode_pointer:
    .long compatibility_mode
    .word CODE32
    .balign 8
long_mode_stack:
    .quad 0
long_mode_idt:
    .word 0
    .quad 0
    .balign 8
real_mode_registers:                // struct bios_registers
    .fill 10, 4, 0
