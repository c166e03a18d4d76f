    .code16
    rdtsc
    movl %edx, %ebx                 // high half, then low half
    movl %eax, %ebp
    xorw %ax, %ax
    movw %ax, %ds
    call print
    movl %ebp, %ebx
    call print
    movb $0x10, %al
    movw $0xF4, %dx
    outb %al, %dx
1:
    hlt
    jmp 1b

// Prints EBX.
print:
    movb $28, %cl
2:
    movl %ebx, %eax
    shrl %cl, %eax
    andb $15, %al
    cmpb $10, %al
    jb 3f
    addb $('a' - '0' - 10), %al
3:
    addb $'0', %al
    movw $0x3F8, %dx
    outb %al, %dx
    subb $4, %cl
    jns 2b
    ret

    .org 510
    .word 0xAA55
