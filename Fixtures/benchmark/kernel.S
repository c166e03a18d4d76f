// bootimage's loader enters in 64-bit mode, GRUB in 32-bit protected mode; this code runs in both.
    .globl _start
_start:
#include "counter.inc"

    .section .rodata
    .balign 8
multiboot2_header:
    .long 0xE85250D6, 0, header_end - multiboot2_header
    .long -(0xE85250D6 + header_end - multiboot2_header)
    .short 0, 0                     // the tag that ends the header
    .long 8
header_end:
    .incbin "payload"
