// The last instructions before a kernel of the Multiboot protocols. They run in a page of their own
// below 4 GiB, a copy of this code, and outside of the kernel's memory. EBX or RBX is its address.

#include "multiboot_machine.h"

// The selectors that GRUB has, too.
#define CODE 0x10
#define DATA 0x18
#define CR0_PE 0x00000001
#define CR0_ET 0x00000010
#define CR0_PG 0x80000000
#define MSR_EFER 0xC0000080
// For kernels that use a stack before they make one.
#define STACK 0x7FF00

#define AT(label) (label - multiboot_entry_start)

    .text
    .globl multiboot_entry_start
multiboot_entry_start:
    lea AT(table)(%rbx), %rax
    mov %rax, AT(table_pointer) + 2(%rbx)
    lgdt AT(table_pointer)(%rbx)
    lea AT(protected_mode)(%rbx), %rax
    mov %eax, AT(far_pointer)(%rbx)
    ljmpl *AT(far_pointer)(%rbx)

    .code32
protected_mode:
    movl $DATA, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw %ax, %fs
    movw %ax, %gs
    movl %cr0, %eax
    andl $~CR0_PG, %eax
    movl %eax, %cr0
    movl $MSR_EFER, %ecx
    xorl %eax, %eax
    xorl %edx, %edx
    wrmsr
    movl %eax, %cr4
    movl %eax, %cr3
    movl $(CR0_ET | CR0_PE), %eax
    movl %eax, %cr0
    cld
    leal MULTIBOOT_ENTRY_MOVES(%ebx), %ebp
    movl MULTIBOOT_ENTRY_MOVE_COUNT(%ebx), %edx
1:
    subl $1, %edx
    jb 2f
    movl (%ebp), %edi
    movl 4(%ebp), %esi
    movl 8(%ebp), %ecx
    shrl $2, %ecx
    rep movsl
    movl 8(%ebp), %ecx
    andl $3, %ecx
    rep movsb
    xorl %eax, %eax
    movl 12(%ebp), %ecx
    shrl $2, %ecx
    rep stosl
    movl 12(%ebp), %ecx
    andl $3, %ecx
    rep stosb
    addl $MULTIBOOT_ENTRY_MOVE_SIZE, %ebp
    jmp 1b
2:
    movl MULTIBOOT_ENTRY_MAGIC(%ebx), %eax
    movl MULTIBOOT_ENTRY_START(%ebx), %edi
    movl %edi, AT(start_kernel) + 1(%ebx)
    movl MULTIBOOT_ENTRY_INFORMATION(%ebx), %ebx
    movl $STACK, %esp
    xorl %ecx, %ecx
    xorl %edx, %edx
    xorl %esi, %esi
    xorl %edi, %edi
    xorl %ebp, %ebp
start_kernel:
    ljmp $CODE, $0                  // the entry point

    .code64
    .balign 8
table:
    .quad 0
    .quad 0
    .quad 0x00CF9B000000FFFF        // code
    .quad 0x00CF93000000FFFF        // data
table_pointer:
    .word 31
    .quad 0
far_pointer:
    .long 0
    .word CODE

    .org multiboot_entry_start + MULTIBOOT_ENTRY_NUMBERS
    .fill 4, 4, 0
    .globl multiboot_entry_end
multiboot_entry_end:
