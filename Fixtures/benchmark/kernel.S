    .globl _start
_start:
    rdtsc
    shl $32, %rdx
    or %rax, %rdx
    mov %rdx, %rbx
    mov $60, %ecx
1:
    mov %rbx, %rax
    shr %cl, %rax
    and $15, %eax
    lea digits(%rip), %rsi
    mov (%rsi,%rax), %al
    mov $0x3F8, %dx
    outb %al, %dx
    sub $4, %ecx
    jns 1b
    mov $0x10, %al
    mov $0xF4, %dx
    outb %al, %dx
2:
    hlt
    jmp 2b

    .section .rodata
digits:
    .ascii "0123456789abcdef"
    .incbin "payload"
