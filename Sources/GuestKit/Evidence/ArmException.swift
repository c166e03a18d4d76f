import HostSystem

/// An exception of an AArch64 processor, from QEMU's log (`-d int`).
public struct ArmException: Equatable, Sendable {
    /// QEMU's name for it, such as `Data Abort` or `IRQ`.
    let name: String
    /// ESR, the cause (Arm ARM, ESR_EL1); an interrupt leaves it unchanged.
    let syndrome: UInt64
    /// FAR, the address whose access was aborted.
    let accessedAddress: UInt64?
    /// ELR, the return address.
    let returnAddress: UInt64
    /// The address in the vector table at which the processor continues.
    let vector: UInt64

    private var isInterrupt: Bool { name.hasSuffix("IRQ") || name.hasSuffix("FIQ") }

    /// The syndrome's exception class (EC).
    private var kind: UInt64 { syndrome >> 26 & 0x3F }

    /// Whether an instruction requested it: SVC, HVC or SMC.
    private var isCall: Bool { !isInterrupt && (0x15...0x17).contains(kind) }

    var isFault: Bool { !isInterrupt && !isCall }

    /// The address of the instruction that caused it; a call returns to the one after.
    public var address: UInt64 { isCall ? returnAddress &- 4 : returnAddress }

    /// What happened, in words, without the place.
    public var cause: String {
        if isInterrupt { return "\(name), an interrupt" }
        let text = "\(Self.kinds[kind] ?? name) (ESR \(Number.hex(syndrome)))"
        guard let accessedAddress, let access else { return text }
        let status = Self.abortReason(status: syndrome & 0x3F).map { ", \($0)" } ?? ""
        return "\(text) \(access) \(Number.hex(accessedAddress))\(status)"
    }

    private var access: String? {
        switch kind {
        case 0x20, 0x21: "fetching from"
        case 0x24, 0x25: syndrome & 0x40 == 0 ? "reading" : "writing"
        default: nil
        }
    }

    private static let kinds: [UInt64: String] = [
        0x00: "undefined instruction", 0x07: "floating point that is off",
        0x0D: "branch to what is no target", 0x0E: "illegal execution state",
        0x15: "supervisor call (SVC)", 0x16: "hypervisor call (HVC)",
        0x17: "secure monitor call (SMC)", 0x18: "trapped system register",
        0x1C: "pointer authentication failure", 0x20: "instruction abort",
        0x21: "instruction abort", 0x22: "misaligned program counter", 0x24: "data abort",
        0x25: "data abort", 0x26: "misaligned stack pointer", 0x2C: "floating-point exception",
        0x2F: "SError", 0x30: "breakpoint", 0x31: "breakpoint", 0x32: "software step",
        0x33: "software step", 0x34: "watchpoint", 0x35: "watchpoint",
        0x3C: "breakpoint instruction (BRK)",
    ]

    /// The meaning of an abort's fault status code (DFSC, IFSC).
    private static func abortReason(status: UInt64) -> String? {
        switch status {
        case 0x04...0x07: "which is not mapped"
        case 0x08...0x0B: "whose page has no access flag"
        case 0x0C...0x0F: "which its page forbids"
        case 0x10: "where nothing answers"
        case 0x21: "which is not aligned"
        default: nil
        }
    }

    /// Whether it accessed the pages just below a stack.
    func isStackOverflow(stackStart: UInt64) -> Bool {
        guard let accessedAddress, kind == 0x24 || kind == 0x25 else { return false }
        return ProcessorFault.isBelow(stackStart, accessedAddress)
    }
}
