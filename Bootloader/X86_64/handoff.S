// The loader's last instructions, on each processor. They are copied to a page of their own, which
// is mapped at its physical address before and after the switch of page tables, then read-only.

#include "machine.h"

#define CODE 0x08
#define DATA 0x10
#define MSR_APIC_BASE 0x1B
#define MSR_EFER 0xC0000080
#define EFER_LME 0x100
#define EFER_NXE 0x800

// The offset of a number in the page.
#define NUMBER(name) (handoff_numbers - handoff_start + HANDOFF_##name)

    .text
    .globl handoff_start
// Another processor, in real mode: CS is the page. It goes to 64-bit mode at once.
    .code16
handoff_start:
    cli
    movw %cs, %ax
    movw %ax, %ds
    lgdtl NUMBER(GDT_POINTER)
    movl $MSR_APIC_BASE, %ecx
    movl NUMBER(APIC_BASE), %eax
    movl NUMBER(APIC_BASE) + 4, %edx
    wrmsr
    movl $MSR_EFER, %ecx
    movl $(EFER_LME | EFER_NXE), %eax
    xorl %edx, %edx
    wrmsr
    movl NUMBER(CR4), %eax
    movl %eax, %cr4
    movl NUMBER(PAGE_TABLE), %eax
    movl %eax, %cr3
    movl NUMBER(CR0), %eax
    movl %eax, %cr0
    ljmpl *NUMBER(LONG_MODE)

    .code64
    .globl handoff_long_mode
handoff_long_mode:
    mov handoff_numbers + HANDOFF_PROCESSOR(%rip), %rdi
    mov handoff_numbers + HANDOFF_STACK_TOP(%rip), %rsp
    call load_data_segments
    movq $1, BOOT_PROCESSOR_IS_PARKED(%rdi)
1:                                  // until the kernel writes an address
    pause
    mov BOOT_PROCESSOR_ENTRY(%rdi), %rcx
    test %rcx, %rcx
    jz 1b
    movq $0, BOOT_PROCESSOR_IS_PARKED(%rdi)
    jmp enter

// The first processor, in 64-bit mode.
//
// In: RAX page table, RBX pseudo-descriptor, RCX entry point, RDX stack top, RDI boot info.
    .globl handoff_first
handoff_first:
    lgdt (%rbx)
    mov %rax, %cr3
    mov %rdx, %rsp
    call load_data_segments
    pushq $CODE
    lea enter(%rip), %rax
    pushq %rax
    lretq
enter:
    xor %eax, %eax
    xor %ebx, %ebx
    xor %ebp, %ebp
    pushq $0                        // the entry point never returns
    jmp *%rcx

load_data_segments:
    mov $DATA, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    lldt %ax
    ret

    .balign 16
    .globl handoff_gdt
handoff_gdt:                        // with the accessed bit set: the page is read-only
    .quad 0
    .quad 0x00AF9B000000FFFF        // code
    .quad 0x00CF93000000FFFF        // data
    .globl handoff_numbers
handoff_numbers:                    // struct handoff_numbers
    .fill 7, 8, 0
    .globl handoff_end
handoff_end:
