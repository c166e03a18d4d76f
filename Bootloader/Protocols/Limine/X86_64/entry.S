// The last instructions before a kernel of the Limine protocol, on each processor. They run in a
// page of their own, a copy of this code, which is mapped at its physical address and in the
// kernel's direct map. EBX or RBX is the page's address throughout.

#include "limine_machine.h"

#define DATA32 0x20
#define CODE64 0x28
#define DATA64 0x30
#define TASK 0x38

#define CR0_PE 0x00000001
#define CR0_ET 0x00000010
#define CR0_WP 0x00010000
#define CR0_PG 0x80000000
#define MSR_APIC_BASE 0x1B
#define MSR_PAT 0x277
#define MSR_X2APIC 0x800
#define MSR_EFER 0xC0000080
#define EFER_LME 0x100
#define EFER_NXE 0x800
#define APIC_FIRST_PROCESSOR 0x100
#define APIC_EXTENDED 0x400
#define APIC_SPURIOUS 0xF0
#define APIC_TASK_PRIORITY 0x80
#define APIC_LINT0 0x350
#define APIC_LINT1 0x360

#define AT(label) (label - limine_entry_start)

    .text
    .globl limine_entry_start
limine_entry_start:
    .code16
    jmp other_processor
    .org limine_entry_start + 8

// The first processor, in 64-bit mode: RBX is the page.
    .code64
    lgdt LIMINE_ENTRY_GDT_POINTER(%rbx)
    xor %ebp, %ebp                  // this is the first processor
    ljmpl *LIMINE_ENTRY_PROTECTED_MODE(%rbx)

// Another processor, in real mode: CS is the page.
    .code16
other_processor:
    cli
    cld
    movw %cs, %bx
    movw %bx, %ds
    movzwl %bx, %ebx
    shll $4, %ebx
    movl $1, %ebp
    lgdtl LIMINE_ENTRY_GDT_POINTER
    movl %cr0, %eax
    orl $CR0_PE, %eax
    movl %eax, %cr0
    ljmpl *LIMINE_ENTRY_PROTECTED_MODE

    .code32
    .globl limine_entry_protected_mode
limine_entry_protected_mode:
    movl $DATA32, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    leal LIMINE_ENTRY_STACK_TOP(%ebx), %esp
    movl %cr0, %eax
    andl $~CR0_PG, %eax
    movl %eax, %cr0
    // Long mode, with exactly the bits that the protocol allows.
    movl $MSR_EFER, %ecx
    movl $(EFER_LME | EFER_NXE), %eax
    xorl %edx, %edx
    wrmsr
    movl $MSR_PAT, %ecx             // WB, WT, UC-, UC; WP, WC, UC-, UC
    movl $0x00070406, %eax
    movl $0x00070105, %edx
    wrmsr
    movl LIMINE_ENTRY_APIC_BASE(%ebx), %esi
    testl %esi, %esi
    jz 3f                           // no local APIC
    movl $MSR_APIC_BASE, %ecx
    rdmsr
    movl LIMINE_ENTRY_APIC_BASE + 4(%ebx), %edx
    movl %esi, %edi
    xorl %eax, %edi
    andl $APIC_FIRST_PROCESSOR, %eax
    testl $APIC_EXTENDED, %edi
    jz 1f
    testl $APIC_EXTENDED, %esi
    jnz 1f
    wrmsr                           // from x2APIC mode, xAPIC mode follows only a disabled one
1:
    orl %esi, %eax
    wrmsr
    movl $APIC_SPURIOUS, %edi
    movl $0x1FF, %eax
    call write_apic
    movl $APIC_TASK_PRIORITY, %edi
    xorl %eax, %eax
    call write_apic
    movl $APIC_LINT0, %edi
    movl LIMINE_ENTRY_LINT(%ebx), %eax
    call write_apic_line
    movl $APIC_LINT1, %edi
    movl LIMINE_ENTRY_LINT + 4(%ebx), %eax
    call write_apic_line
3:
    movl LIMINE_ENTRY_CR4(%ebx), %eax
    movl %eax, %cr4
    movl LIMINE_ENTRY_PAGE_TABLE(%ebx), %eax
    movl %eax, %cr3
    movl $(CR0_PG | CR0_WP | CR0_ET | CR0_PE), %eax
    movl %eax, %cr0
    leal AT(long_mode)(%ebx), %eax
    movl %eax, AT(far64)(%ebx)
    ljmpl *AT(far64)(%ebx)

// Writes EAX to the local APIC's register at EDI, a line's only if it is not 0; ESI is the APIC's
// base.
write_apic_line:
    testl %eax, %eax
    jz 2f
write_apic:
    testl $APIC_EXTENDED, %esi
    jnz 1f
    andl $0xFFFFF000, %esi
    movl %eax, (%esi,%edi)
2:
    ret
1:
    shrl $4, %edi
    leal MSR_X2APIC(%edi), %ecx
    xorl %edx, %edx
    wrmsr
    ret

    .code64
long_mode:
    movb $0x89, LIMINE_ENTRY_GDT + TASK + 5(%rbx) // loading a task makes it busy
    mov $TASK, %eax                 // base and limit are 0
    ltr %ax
    mov LIMINE_ENTRY_HHDM(%rbx), %rax
    add %rax, %rbx                  // from here on in the direct map
    lea AT(1f)(%rbx), %rax
    jmp *%rax
1:
    lea LIMINE_ENTRY_GDT(%rbx), %rax
    mov %rax, AT(gdt_pointer64) + 2(%rbx)
    lgdt AT(gdt_pointer64)(%rbx)
    lidt AT(idt_pointer)(%rbx)
    xor %eax, %eax
    lldt %ax
    mov $DATA64, %eax
    mov %ax, %ds
    mov %ax, %es
    mov %ax, %ss
    mov %ax, %fs
    mov %ax, %gs
    test %ebp, %ebp
    jnz 2f

    mov %cr3, %rax
    cmpl $0, LIMINE_ENTRY_KEEPS_IDENTITY(%rbx)
    jne 3f
    mov LIMINE_ENTRY_HHDM(%rbx), %rcx
    movq $0, (%rax,%rcx)            // the lower half's only entry
3:
    mov %rax, %cr3
    mov LIMINE_ENTRY_STACK(%rbx), %rsp
    mov LIMINE_ENTRY_START(%rbx), %rax
    xor %edi, %edi
    jmp 5f

2:                                  // another processor waits until the kernel writes an address
    mov LIMINE_ENTRY_AP_INFO(%rbx), %rdi
    mov LIMINE_ENTRY_AP_STACK(%rbx), %rsp
    movq $1, LIMINE_ENTRY_AP_WAITS(%rbx)
4:
    pause
    mov 16(%rdi), %rax
    test %rax, %rax
    jz 4b
    mov %cr3, %rcx
    mov %rcx, %cr3
5:
    pushq $0                        // the entry point never returns
    pushq %rax
    pushq $2                        // flags
    xor %eax, %eax
    xor %ebx, %ebx
    xor %ecx, %ecx
    xor %edx, %edx
    xor %esi, %esi
    xor %ebp, %ebp
    xor %r8d, %r8d
    xor %r9d, %r9d
    xor %r10d, %r10d
    xor %r11d, %r11d
    xor %r12d, %r12d
    xor %r13d, %r13d
    xor %r14d, %r14d
    xor %r15d, %r15d
    popfq
    ret

    .balign 8
far64:
    .long 0
    .word CODE64
    .balign 8
gdt_pointer64:
    .word DATA64 + 8 - 1
    .quad 0
    .balign 8
idt_pointer:
    .word 0
    .quad 0

    .org limine_entry_start + LIMINE_ENTRY_GDT
    .quad 0
    .quad 0x00009B000000FFFF        // 16-bit code
    .quad 0x000093000000FFFF        // 16-bit data
    .quad 0x00CF9B000000FFFF        // 32-bit code
    .quad 0x00CF93000000FFFF        // 32-bit data
    .quad 0x00209B0000000000        // 64-bit code
    .quad 0x0000930000000000        // 64-bit data
    .quad 0x0000890000000000        // a task of no bytes, hidden once it is loaded
    .quad 0
    .org limine_entry_start + LIMINE_ENTRY_NUMBERS
    .fill 14, 8, 0
    .globl limine_entry_end
limine_entry_end:
