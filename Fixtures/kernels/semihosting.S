// A kernel for AArch64 that prints one line and ends QEMU with STATUS, by semihosting
// (Semihosting for AArch32 and AArch64, "SYS_WRITE0" and "SYS_EXIT_EXTENDED"), or powers the
// machine off or resets it by PSCI (Arm Power State Coordination Interface, 5.9 and 5.11).
    .globl _start
_start:
    adr     x1, text
    mov     x0, #0x04
    hlt     #0xf000
#ifdef PSCI
    movz    x0, #0x8400, lsl #16
    movk    x0, #PSCI
    hvc     #0
#else
    adr     x1, ending
    mov     x0, #0x20
    hlt     #0xf000
#endif
1:  wfi
    b       1b

text:
    .asciz  "kernel: started\n"
    .balign 8
ending:
    // ADP_Stopped_ApplicationExit
    .quad   0x20026
#ifdef STATUS
    .quad   STATUS
#else
    .quad   0
#endif
