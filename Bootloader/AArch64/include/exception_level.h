// What the loader's last instructions have in common, for the assembler.

// Lets EL1 use the whole processor: EL2's registers get a layout without E2H, and nothing traps.
// The MMU of EL2 must be off, or map this code at its physical address; it is off afterwards.
// Changes X5, X7 and X8.
    .macro release_lower_level
    movz x5, #0x0830                // SCTLR_EL2: the reserved ones, MMU and caches off
    movk x5, #0x30C5, lsl #16
    msr SCTLR_EL2, x5
    isb
    movz x5, #0x8000, lsl #16       // RW: EL1 is AArch64
    movk x5, #0x0300, lsl #32       // API, APK: pointer authentication
    msr HCR_EL2, x5
    isb
    mrs x8, ID_AA64PFR0_EL1
    mov x5, #0x33FF                 // do not trap floating point
    ubfx x7, x8, #32, #4
    cbz x7, 1f
    bic x5, x5, #0x100              // nor SVE, with the longest vectors
    msr CPTR_EL2, x5
    isb
    mov x7, #0xF
    msr S3_4_C1_C2_0, x7            // ZCR_EL2
1:
    msr CPTR_EL2, x5
    msr HSTR_EL2, xzr
    msr VTTBR_EL2, xzr
    mov x5, #3                      // the counter and the physical timer
    msr CNTHCTL_EL2, x5
    msr CNTVOFF_EL2, xzr
    mrs x5, MIDR_EL1
    msr VPIDR_EL2, x5
    mrs x5, MPIDR_EL1
    msr VMPIDR_EL2, x5
    ubfx x5, x8, #24, #4
    cbz x5, 2f
    mrs x5, S3_4_C12_C9_5           // ICC_SRE_EL2: the interrupt controller's registers
    mov x7, #9                      // SRE, Enable
    orr x5, x5, x7
    msr S3_4_C12_C9_5, x5
2:
    .endm
