// The loader's last instructions, on each processor. They are copied to a page of their own, which
// is mapped at its physical address before and after the switch of page tables. They never touch
// the stack: with the MMU off, memory may differ from what the caches hold.

#include "exception_level.h"
#include "machine.h"

    .text
    .globl handoff_start
// Another processor, with the MMU off: X0 is the page.
handoff_start:
    msr DAIFSet, #15
    adr x5, handoff_numbers
    ldr x0, [x5, #HANDOFF_PAGE_TABLE]
    ldr x1, [x5, #HANDOFF_STACK_TOP]
    adr x2, wait_for_entry
    ldr x3, [x5, #HANDOFF_PROCESSOR]

// In: X0 page table, X1 stack top, X2 entry point, X3 boot info. Out: EL1, MMU and caches on.
    .globl handoff_first
handoff_first:
    movz x6, #0x0800                // SCTLR_EL1: the reserved ones, MMU and caches off
    movk x6, #0x30D0, lsl #16
    mrs x5, CurrentEL
    cmp x5, #(2 << 2)
    b.ne 3f
    // HCR_EL2.E2H redirects EL1's register names to EL2's, so it is cleared with the MMU off.
    release_lower_level
    msr SCTLR_EL1, x6
    adr x5, 3f
    msr ELR_EL2, x5
    mov x5, #0x3C5                  // EL1 with its own stack pointer, exceptions masked
    msr SPSR_EL2, x5
    isb
    eret
3:                                  // EL1: MMU off, in case it was on
    msr SPSel, #1
    msr SCTLR_EL1, x6
    isb
    movz x5, #0x04FF                // attributes 0: write-back, 1: device, nGnRE
    movk x5, #0x0044, lsl #16       // 2: not cacheable
    msr MAIR_EL1, x5
    // Two halves of 48 bits, a granule of 4 KiB, tables cached and shared like other memory.
    movz x5, #0x3510
    movk x5, #0xB510, lsl #16
    mrs x6, ID_AA64MMFR0_EL1
    and x6, x6, #0xF                // physical address size, at most 48 bits
    mov x7, #5
    cmp x6, x7
    csel x6, x6, x7, lo
    orr x5, x5, x6, lsl #32
    msr TCR_EL1, x5
    msr TTBR0_EL1, x0
    add x5, x0, #0x1000             // the table behind it
    msr TTBR1_EL1, x5
    mov x5, #(3 << 20)              // floating point and vectors
    msr CPACR_EL1, x5
    isb
    dsb sy
    tlbi vmalle1                    // of EL1, with its new VMID
    ic iallu
    dsb sy
    isb
    movz x5, #0x1805                // M, C, I and the reserved ones
    movk x5, #0x30D0, lsl #16
    msr SCTLR_EL1, x5
    isb
    mov sp, x1
    mov x0, x3
    mov x5, x2
    mov x1, xzr
    mov x2, xzr
    mov x3, xzr
    mov x4, xzr
    mov x29, xzr                    // no caller
    mov x30, xzr
    br x5

wait_for_entry:                     // until the kernel writes an address; X0 is the processor
    add x6, x0, #BOOT_PROCESSOR_ENTRY
    add x7, x0, #BOOT_PROCESSOR_IS_PARKED
    mov x8, #1
    stlr x8, [x7]
1:
    yield
    ldar x5, [x6]
    cbz x5, 1b
    stlr xzr, [x7]
    br x5

    .balign 8
    .globl handoff_numbers
handoff_numbers:                    // struct handoff_numbers
    .fill 3, 8, 0
    .globl handoff_end
handoff_end:
