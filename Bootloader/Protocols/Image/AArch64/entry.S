// The last instructions before a kernel of the arm64-image protocol. They run in a page of their
// own, a copy of this code, outside of all memory that they write to. With the MMU off they use no
// stack. X19 is the page.

#include "exception_level.h"
#include "image_machine.h"

// Calls `clean` for the memory of the move at X20.
    .macro clean_target
    ldr x0, [x20]
    ldp x1, x2, [x20, #16]
    add x1, x1, x2
    add x1, x0, x1
    bl clean
    .endm

    .text
    .globl image_entry_start
image_entry_start:
    mrs x21, CurrentEL
    lsr x21, x21, #2
    mrs x3, CTR_EL0                 // the length of the shortest line in the data caches
    ubfx x3, x3, #16, #4
    mov x4, #4
    lsl x22, x4, x3
    // What firmware wrote to the targets leaves the caches, which could write it back later.
    ldr x23, [x19, #IMAGE_ENTRY_MOVE_COUNT]
    add x20, x19, #IMAGE_ENTRY_MOVES
1:
    cbz x23, 2f
    clean_target
    add x20, x20, #IMAGE_ENTRY_MOVE_SIZE
    sub x23, x23, #1
    b 1b
2:
    msr CNTP_CTL_EL0, xzr           // the firmware's timers
    msr CNTV_CTL_EL0, xzr
    movz x6, #0x0980                // SCTLR_EL1: the reserved bits, MMU and caches off
    movk x6, #0x30D0, lsl #16
    cmp x21, #2
    b.ne 3f
    release_lower_level
3:
    msr SCTLR_EL1, x6
    isb
    ldr x23, [x19, #IMAGE_ENTRY_MOVE_COUNT]
    add x20, x19, #IMAGE_ENTRY_MOVES
4:
    cbz x23, 5f
    ldp x0, x1, [x20]
    ldp x2, x3, [x20, #16]
    bl copy
    bl clear
    clean_target                    // nothing of it comes from the caches
    add x20, x20, #IMAGE_ENTRY_MOVE_SIZE
    sub x23, x23, #1
    b 4b
5:
    ic iallu
    dsb sy
    isb
    ldr x5, [x19, #IMAGE_ENTRY_START]
    ldr x0, [x19, #IMAGE_ENTRY_DEVICE_TREE]
    ldr x6, [x19, #IMAGE_ENTRY_LEVEL]
    mov x1, xzr
    mov x2, xzr
    mov x3, xzr
    cmp x6, x21
    b.eq 6f
    add x6, x19, #IMAGE_ENTRY_VECTORS
    msr VBAR_EL2, x6
    msr ELR_EL2, x5
    mov x6, #0x3C5                  // EL1 with its own stack pointer, exceptions masked
    msr SPSR_EL2, x6
    isb
    eret
6:
    br x5

// Copies X2 bytes from X1 to X0, by words if both are aligned to them; X0 is their end then.
copy:
    cbz x2, 2f
    orr x4, x0, x1
    tst x4, #7
    b.ne 1f
    subs x4, x2, #16
    b.lo 1f
    ldp x5, x6, [x1], #16
    stp x5, x6, [x0], #16
    mov x2, x4
    b copy
1:
    ldrb w5, [x1], #1
    strb w5, [x0], #1
    sub x2, x2, #1
    b copy
2:
    ret

// Clears X3 bytes from X0 on.
clear:
    cbz x3, 2f
    tst x0, #7
    b.ne 1f
    subs x4, x3, #16
    b.lo 1f
    stp xzr, xzr, [x0], #16
    mov x3, x4
    b clear
1:
    strb wzr, [x0], #1
    sub x3, x3, #1
    b clear
2:
    ret

// Writes the memory from X0 to X1 back and drops it from the caches. Changes X0.
clean:
    sub x4, x22, #1
    bic x0, x0, x4
1:
    cmp x0, x1
    b.hs 2f
    dc civac, x0
    add x0, x0, x22
    b 1b
2:
    dsb sy
    ret

    .org image_entry_start + IMAGE_ENTRY_NUMBERS
    .globl image_entry_end
image_entry_end:
