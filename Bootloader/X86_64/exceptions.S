// The handlers of processor exceptions while the loader runs (Intel SDM 3A, chapter 6). The
// firmware's own entries, for its interrupts, are kept.

#define STUB_SIZE 5

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
    add $STUB_SIZE, %rax
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

// Each stub calls `report`, so that the return address shows the vector.
stubs:
    .rept 32
    .byte 0xE8                      // call, with an offset of 32 bits
    .long report - . - 4
    .endr

report:
    lea stubs(%rip), %rcx
    pop %rax
    sub %ecx, %eax
    mov $STUB_SIZE, %ecx
    xor %edx, %edx
    div %ecx
    lea -1(%rax), %ecx              // vector
    // The processor pushes an error code for vectors 8, 10 to 14, 17, 21, 29 and 30 only.
    xor %edx, %edx
    mov $0x60227D00, %eax
    bt %ecx, %eax
    jnc 1f
    pop %rdx                        // error code
1:
    pop %r8                         // instruction pointer
#ifdef _WIN32
    sub $32, %rsp                   // UEFI's calling convention requires this room
#else
    mov %ecx, %edi
    mov %rdx, %rsi
    mov %r8, %rdx
#endif
    and $-16, %rsp
    cld
    call loader_exception
1:
    hlt
    jmp 1b
