// The handler of synchronous exceptions while the loader runs (Arm ARM, section D1.3).

    .text
    .globl exception_entry
exception_entry:
    mrs x0, CurrentEL
    cmp x0, #(2 << 2)
    b.eq 1f
    mrs x1, ESR_EL1
    mrs x2, ELR_EL1
    b 2f
1:
    mrs x1, ESR_EL2
    mrs x2, ELR_EL2
2:
    ubfx x0, x1, #26, #6            // the exception class
    bl loader_exception
3:
    wfi
    b 3b
