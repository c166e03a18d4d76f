// The start of a kernel for 64-bit ARM in the state of arm64's `Image` (Linux,
// Documentation/arch/arm64/booting.rst): MMU off, X0 = device tree, EL2 or EL1. Sets up what
// compiled code needs, at EL1, and calls arm64_image_main. Your own kernel can start from it.
//
// The linker places this section first and gives the symbols (kernel-arm64-image.json):
//
//   --section-start=.image=ADDRESS  where the kernel lies
//   --defsym=image_text_offset=N    ADDRESS from the start of the memory
//   --defsym=image_serial_port=N    the address of a PL011
//   --defsym=image_mailbox=N        the mailbox of a Raspberry Pi, which has a screen; optional
//
// Other kernels, whose entry point is not image_start, do not contain it.
#if defined(__aarch64__) && !defined(__linux__)

#define STACK_SIZE 0x10000

    .section .image, "ax", %progbits
    .globl  image_start
image_start:
    b       1f
    .long   0
    .quad   image_text_offset
    .quad   _end - . + 16           // image_size, from image_start
    .quad   0x2                     // flags: little-endian, pages of 4 KiB
    .quad   0, 0, 0
    .ascii  "ARM\x64"
    .long   0

    .globl  image_serial_address
image_serial_address:
    .quad   image_serial_port
    .globl  image_mailbox_address
image_mailbox_address:
    .weak   image_mailbox
    .quad   image_mailbox

1:  mrs     x1, MPIDR_EL1
    tst     x1, #0xFF
    b.ne    6f                      // another processor that no firmware has parked
    mov     x19, x0
    mrs     x20, CurrentEL
    lsr     x20, x20, #2
    cmp     x20, #2
    b.ne    2f

    // From EL2 to EL1, which is AArch64 and has timers and floating point.
    mov     x1, #1 << 31
    msr     HCR_EL2, x1
    isb
    mov     x1, #3
    msr     CNTHCTL_EL2, x1
    msr     CNTVOFF_EL2, xzr
    mov     x1, #0x33FF
    msr     CPTR_EL2, x1
    msr     HSTR_EL2, xzr
    mrs     x1, MIDR_EL1
    msr     VPIDR_EL2, x1
    mrs     x1, MPIDR_EL1
    msr     VMPIDR_EL2, x1
    mov     x1, #0x3C5              // EL1 with SP_EL1, exceptions masked
    msr     SPSR_EL2, x1
    adr     x1, 2f
    msr     ELR_EL2, x1
    eret

2:  ldr     x1, =0x30D00980         // MMU and caches off, bits that are reserved as 1
    msr     SCTLR_EL1, x1
    mov     x1, #3 << 20            // floating point and vectors
    msr     CPACR_EL1, x1
    msr     SPSel, #1
    isb

    adrp    x1, __bss_start
    add     x1, x1, :lo12:__bss_start
    adrp    x2, _end
    add     x2, x2, :lo12:_end
3:  cmp     x1, x2
    b.hs    4f
    strb    wzr, [x1], #1
    tst     x1, #7
    b.ne    3b
    // Eight bytes at a time, as long as there are so many.
5:  sub     x3, x2, x1
    cmp     x3, #8
    b.lo    3b
    str     xzr, [x1], #8
    b       5b

4:  adrp    x1, stack
    add     x1, x1, :lo12:stack
    mov     x2, #STACK_SIZE
    add     sp, x1, x2
    mov     x29, #0
    mov     x30, #0
    mov     x0, x19
    mov     x1, x20
    mov     x3, #STACK_SIZE
    sub     x2, sp, x3
    b       arm64_image_main        // (device tree, level, stack's lowest address, its size)

6:  wfe
    b       6b

    .bss
    .balign 16
stack:
    .skip   STACK_SIZE

#endif
