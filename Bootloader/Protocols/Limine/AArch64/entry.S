// The last instructions before a kernel of the Limine protocol, on each processor. They run in a
// page of their own, a copy of this code, which is mapped at its physical address before and after
// the switch of page tables. X19 is that address. They do not use the stack: with the MMU off,
// memory may differ from what the caches hold.

#include "limine_machine.h"

    .text
    .globl limine_entry_start
limine_entry_start:
    b other_processor
// The first processor; X19 is the page.
    mov x20, xzr
    b 1f
// Another processor, with the MMU off; X0 is the page.
other_processor:
    msr DAIFSet, #15
    mov x19, x0
    mov x20, #1
1:
    ldr x21, [x19, #LIMINE_ENTRY_REVISION]
    movz x6, #0x0980                // SCTLR: the reserved bits, MMU and caches off
    movk x6, #0x30D0, lsl #16
    mrs x5, CurrentEL
    cmp x5, #(2 << 2)
    b.ne 4f
    movz x5, #0x0830                // SCTLR_EL2, with the MMU off as well
    movk x5, #0x30C5, lsl #16
    msr SCTLR_EL2, x5
    isb
    msr HSTR_EL2, xzr
    mov x5, #3                      // the counter and the physical timer
    mrs x8, ID_AA64PFR0_EL1
    ubfx x7, x8, #24, #4
    cbz x7, 2f
    mrs x7, S3_4_C12_C9_5           // ICC_SRE_EL2: the interrupt controller's registers
    mov x9, #9                      // SRE, Enable
    orr x7, x7, x9
    msr S3_4_C12_C9_5, x7
2:
    cmp x21, #6
    b.lo 3f
    mrs x7, ID_AA64MMFR1_EL1
    ubfx x7, x7, #8, #4             // virtualization host extensions
    cbz x7, 3f
    movz x7, #0x0002                // SWIO
    movk x7, #0x8800, lsl #16       // RW, TGE
    movk x7, #0x0004, lsl #32       // E2H: EL1's register names lead to EL2's
    msr HCR_EL2, x7
    isb
    msr S3_4_C1_C1_2, xzr           // CPTR_EL2
    msr CNTHCTL_EL2, x5
    b 4f
3:
    movz x7, #0x8000, lsl #16       // RW: EL1 is AArch64
    movk x7, #0x0300, lsl #32       // API, APK: pointer authentication
    msr HCR_EL2, x7
    isb
    mov x7, #0x33FF                 // do not trap floating point
    msr CPTR_EL2, x7
    msr CNTHCTL_EL2, x5
    msr CNTVOFF_EL2, xzr
    msr VTTBR_EL2, xzr
    mrs x5, MIDR_EL1
    msr VPIDR_EL2, x5
    mrs x5, MPIDR_EL1
    msr VMPIDR_EL2, x5
    msr SCTLR_EL1, x6
    adr x5, 4f
    msr ELR_EL2, x5
    mov x5, #0x3C5                  // EL1 with its own stack pointer, exceptions masked
    msr SPSR_EL2, x5
    isb
    eret
4:                                  // the MMU off, in case it was on
    msr SPSel, #0
    msr SCTLR_EL1, x6
    isb
    movz x5, #0x44FF                // attributes 0: write-back, 1: not cacheable
    msr MAIR_EL1, x5
    // Two halves of 48 bits, a granule of 4 KiB; tables are cached, and shared outside of the
    // cluster before revision 6, inside since.
    movz x5, #0x2510
    movk x5, #0xA510, lsl #16
    movz x7, #0x3510
    movk x7, #0xB510, lsl #16
    cmp x21, #6
    csel x5, x5, x7, lo
    mrs x6, ID_AA64MMFR0_EL1
    and x6, x6, #0xF                // physical address size, at most 48 bits
    mov x7, #5
    cmp x6, x7
    csel x6, x6, x7, lo
    orr x5, x5, x6, lsl #32
    msr TCR_EL1, x5
    ldr x5, [x19, #LIMINE_ENTRY_PAGE_TABLE]
    msr TTBR0_EL1, x5
    add x5, x5, #0x1000             // the upper half's table
    msr TTBR1_EL1, x5
    mov x5, #(3 << 20)              // floating point and vectors, which revision 6 forbids
    cmp x21, #6
    csel x5, x5, xzr, lo
    msr CPACR_EL1, x5
    isb
    dsb sy
    tlbi vmalle1
    ic iallu
    dsb sy
    isb
    movz x5, #0x199D                // M, C, SA, SA0, I and those that are 1
    movk x5, #0x30D0, lsl #16
    msr SCTLR_EL1, x5
    isb
    cbnz x20, 5f
    ldr x5, [x19, #LIMINE_ENTRY_STACK]
    mov sp, x5
    mov x0, xzr
    ldr x5, [x19, #LIMINE_ENTRY_START]
    b 7f
5:                                  // another processor waits until the kernel writes an address
    ldr x0, [x19, #LIMINE_ENTRY_AP_INFO]
    ldr x5, [x19, #LIMINE_ENTRY_AP_STACK]
    mov sp, x5
    ldr x5, [x19, #LIMINE_ENTRY_AP_WAITS_ADDRESS]
    mov x6, #1
    stlr x6, [x5]
    add x6, x0, #24
6:
    yield
    ldar x5, [x6]
    cbz x5, 6b
7:                                  // EL1t or EL2t, exceptions masked; no register has the address
    msr ELR_EL1, x5
    mrs x5, CurrentEL
    orr x5, x5, #0x3C0
    msr SPSR_EL1, x5
    mov x1, xzr
    mov x2, xzr
    mov x3, xzr
    mov x4, xzr
    mov x5, xzr
    mov x6, xzr
    mov x7, xzr
    mov x8, xzr
    mov x9, xzr
    mov x10, xzr
    mov x11, xzr
    mov x12, xzr
    mov x13, xzr
    mov x14, xzr
    mov x15, xzr
    mov x16, xzr
    mov x17, xzr
    mov x18, xzr
    mov x19, xzr
    mov x20, xzr
    mov x21, xzr
    mov x22, xzr
    mov x23, xzr
    mov x24, xzr
    mov x25, xzr
    mov x26, xzr
    mov x27, xzr
    mov x28, xzr
    mov x29, xzr
    mov x30, xzr
    eret

    .org limine_entry_start + LIMINE_ENTRY_NUMBERS
    .fill 8, 8, 0
    .globl limine_entry_end
limine_entry_end:
