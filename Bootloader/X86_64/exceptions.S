// The handlers of processor exceptions while the loader runs (Intel SDM 3A, chapter 6). The
// firmware's own entries, for its interrupts, are kept.

    .text
// void install_exception_handlers(uint64_t table, uint16_t byte_count)
//
// Fills the first 32 entries of a copy of the current table and loads it.
    .globl install_exception_handlers
install_exception_handlers:
#ifdef _WIN32
    push %rdi
    push %rsi
    mov %rcx, %rdi
    mov %edx, %esi
#endif
    push %rdi
    lea stubs(%rip), %rax
    mov %cs, %r8d
    mov $32, %ecx
1:
    mov %ax, (%rdi)                 // offset, bits 0…15
    mov %r8w, 2(%rdi)               // selector
    movw $0x8E00, 4(%rdi)           // present, interrupt gate
    mov %rax, %rdx
    shr $16, %rdx
    mov %edx, 6(%rdi)               // offset, bits 16…47
    movl $0, 10(%rdi)               // bits 48…63 are always zero
    movw $0, 14(%rdi)
    add $16, %rax
    add $16, %rdi
    loop 1b
    dec %esi
    sub $8, %rsp
    mov %si, 6(%rsp)                // limit, then address: a pseudo-descriptor
    lidt 6(%rsp)
    add $8, %rsp
    pop %rdi
#ifdef _WIN32
    pop %rsi
    pop %rdi
#endif
    ret

    .balign 16
stubs:
    .set vector, 0
    .rept 32
    .balign 16
    // The processor pushes an error code for vectors 8, 10 to 14, 17, 21, 29 and 30 only.
    .if ((0x60227D00 >> vector) & 1) == 0
    pushq $0
    .endif
    pushq $vector
    jmp report
    .set vector, vector + 1
    .endr

report:
#ifdef _WIN32
    pop %rcx                        // vector, error code, instruction pointer
    pop %rdx
    pop %r8
    sub $32, %rsp                   // UEFI's calling convention requires this room
#else
    pop %rdi
    pop %rsi
    pop %rdx
#endif
    and $-16, %rsp
    cld
    call loader_exception
1:
    hlt
    jmp 1b
