// The loader's last instructions. They are copied to a page of their own, which is mapped at its
// physical address before and after the switch of page tables.
//
// In: RAX page table, RBX pseudo-descriptor, RCX entry point, RDX stack top, RDI boot info.

    .text
    .globl handoff_start
handoff_start:
    lgdt (%rbx)
    mov %rax, %cr3
    mov %rdx, %rsp
    mov $0x10, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %ss
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    lldt %ax
    pushq $0x08
    lea 1f(%rip), %rax
    pushq %rax
    lretq
1:
    xor %eax, %eax
    xor %ebx, %ebx
    xor %ebp, %ebp
    pushq $0                        // the entry point never returns
    jmp *%rcx

    .balign 16
    .globl handoff_gdt
handoff_gdt:                        // with the accessed bit set: the page is read-only
    .quad 0
    .quad 0x00AF9B000000FFFF        // code
    .quad 0x00CF93000000FFFF        // data
    .globl handoff_gdt_end
handoff_gdt_end:
    .globl handoff_end
handoff_end:
