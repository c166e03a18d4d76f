// A 32-bit kernel that QEMU finds by its PVH note (Xen's "x86/HVM direct boot ABI"). It prints its
// command line, and ends QEMU with status 33, or with -DFAULT by a triple fault.
    .section .note.Xen, "a", @note
    // XEN_ELFNOTE_PHYS32_ENTRY
    .long   4, 4, 18
    .asciz  "Xen"
    .long   start

    .text
    .code32
    .globl  start
start:
    mov     $greeting, %esi
    call    print
    // hvm_start_info: the command line is at offset 24.
    mov     24(%ebx), %esi
    call    print
    mov     $newline, %esi
    call    print
#ifdef FAULT
    ud2
#endif
    mov     $0x10, %al
    mov     $0xf4, %dx
    outb    %al, %dx
1:  hlt
    jmp     1b

2:  mov     $0x3f8, %dx
    outb    %al, %dx
print:
    lodsb
    test    %al, %al
    jnz     2b
    ret

greeting:
    .asciz  "command line: "
newline:
    .asciz  "\n"
