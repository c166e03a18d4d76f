// Where synchronous exceptions lead while the loader runs (Arm ARM, section D1.3).

    .text
    .globl exception_entry
exception_entry:
    sub sp, sp, #32
    mrs x1, CurrentEL
    cmp x1, #(2 << 2)
    b.eq 1f
    mrs x2, ESR_EL1
    mrs x3, ELR_EL1
    b 2f
1:
    mrs x2, ESR_EL2
    mrs x3, ELR_EL2
2:
    lsr x1, x2, #26
    and x1, x1, #0x3F
    str x1, [sp]                    // struct exception_frame
    stp x2, x3, [sp, #8]
    mov x0, sp
    bl loader_exception
3:
    wfi
    b 3b
