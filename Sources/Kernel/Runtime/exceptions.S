// One stub for each processor exception, and the table that leads to them (Intel SDM 3A,
// chapter 6). Nothing returns: the kernel reports what happened and halts.
#ifndef __linux__

    .text
    .globl install_exception_handlers
install_exception_handlers:
    lea stubs(%rip), %rax
    lea table(%rip), %rdi
    mov $32, %ecx
1:
    mov %ax, (%rdi)                 // offset, bits 0…15
    movw $0x08, 2(%rdi)             // code selector
    movw $0x8E00, 4(%rdi)           // present, interrupt gate
    mov %rax, %rdx
    shr $16, %rdx
    mov %dx, 6(%rdi)
    shr $16, %rdx
    mov %edx, 8(%rdi)
    add $16, %rax
    add $16, %rdi
    loop 1b
    lea table(%rip), %rax
    movw $(32 * 16 - 1), pseudo_descriptor(%rip)
    mov %rax, pseudo_descriptor + 2(%rip)
    lidt pseudo_descriptor(%rip)
    ret

    .balign 16
stubs:
    .set vector, 0
    .rept 32
    .balign 16
    // Vectors 8, 10 to 14, 17, 21, 29 and 30 come with an error code; the others get a zero.
    .if ((0x60227D00 >> vector) & 1) == 0
    pushq $0
    .endif
    pushq $vector
    jmp report
    .set vector, vector + 1
    .endr

report:
    mov %rsp, %rdi                  // struct exception_frame
    and $-16, %rsp
    cld
    call kernel_exception

    .bss
    .balign 16
table:
    .zero 32 * 16
pseudo_descriptor:
    .zero 10


#endif
    .section .note.GNU-stack, "", @progbits
