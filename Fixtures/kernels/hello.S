// A kernel in assembly only: prints its checks on COM1 and ends QEMU through isa-debug-exit.
//
// On entry RDI points to boot info and the stack is usable. The table of messages contains
// addresses, so a position-independent build requires relocations.

#define COM1 0x3F8
#define DEBUG_EXIT 0xF4
#define SUCCESS 0x10
#define FAILURE 0x11

// Offsets into boot info.
#define API_MINOR 2
#define REGIONS 8
#define REGION_COUNT 16
#define REGION_BYTES 24

    .text
    .globl _start
_start:
    mov %rdi, %rbx
    xor %r12d, %r12d                // message number

    // The greeting, through the table.
    call next_message

    // The contract's version.
    movzwl API_MINOR(%rbx), %eax
    cmp $11, %eax
    jne fail
    call next_message

    // The stack is aligned as after a call from a 16-byte boundary.
    mov %rsp, %rax
    and $15, %eax
    cmp $8, %eax
    jne fail
    call next_message

    // Zeroed memory is zero, and can be written.
    lea zeroed(%rip), %rdi
    mov $zeroed_end - zeroed, %ecx
1:
    cmpb $0, (%rdi)
    jne fail
    movb $0xA5, (%rdi)
    inc %rdi
    loop 1b
    call next_message

    // Memory regions are sorted and do not overlap.
    mov REGIONS(%rbx), %rsi
    mov REGION_COUNT(%rbx), %rcx
    test %rcx, %rcx
    jz fail
    xor %eax, %eax                  // end of the region before
2:
    cmp %rax, (%rsi)
    jb fail
    mov 8(%rsi), %rax
    add $REGION_BYTES, %rsi
    loop 2b
    call next_message

    mov $SUCCESS, %al
    jmp finish

fail:
    lea failed(%rip), %rsi
    call print
    mov $FAILURE, %al
finish:
    mov $DEBUG_EXIT, %dx
    outb %al, %dx
3:
    hlt
    jmp 3b

// Prints the next message.
next_message:
    lea messages(%rip), %rax
    mov (%rax,%r12,8), %rsi
    inc %r12
// Prints the text at RSI.
print:
    lodsb
    test %al, %al
    jz 4f
    mov $COM1, %dx
    outb %al, %dx
    jmp print
4:
    ret

    .section .rodata
greeting:
    .asciz "Hello from assembly!\n"
version:
    .asciz "version 0.11\n"
stack:
    .asciz "stack aligned\n"
zeroes:
    .asciz "zeroed memory\n"
regions:
    .asciz "memory regions sorted\n"
failed:
    .asciz "FAILED after the line above\n"

    .data
    .balign 8
messages:
    .quad greeting, version, stack, zeroes, regions

    .bss
zeroed:
    .zero 10000
zeroed_end:
