import HostSystem

/// An unhandled exception of an x86-64 processor, from QEMU's log (`-d int`).
public struct ProcessorFault: Equatable, Sendable {
    /// The exception's number (Intel SDM 3A, 6.3.1).
    let vector: UInt8
    let errorCode: UInt64
    /// RIP, the address of the instruction that caused it.
    public let address: UInt64
    /// CR2, the address whose access caused a page fault.
    let accessedAddress: UInt64?
    /// RSP.
    let stackPointer: UInt64

    private static let names: [UInt8: String] = [
        0: "divide error (#DE)", 1: "debug exception (#DB)", 3: "breakpoint (#BP)",
        4: "overflow (#OF)", 5: "bound range exceeded (#BR)", 6: "invalid opcode (#UD)",
        7: "device not available (#NM)", 8: "double fault (#DF)", 10: "invalid TSS (#TS)",
        11: "segment not present (#NP)", 12: "stack-segment fault (#SS)",
        13: "general protection (#GP)", 14: "page fault (#PF)", 16: "x87 exception (#MF)",
        17: "alignment check (#AC)", 18: "machine check (#MC)", 19: "SIMD exception (#XM)",
        21: "control protection (#CP)",
    ]

    /// What happened, in words, without the place.
    public var cause: String {
        let number = vector < 32 ? "exception \(vector)" : "interrupt \(Number.hex(vector))"
        let name = Self.names[vector] ?? number
        guard let accessedAddress else {
            return errorCode == 0 ? name : "\(name) with error code \(Number.hex(errorCode))"
        }
        // The error code's bits (Intel SDM 3A, 4.7).
        let access =
            errorCode & 0x10 != 0 ? "fetching from" : errorCode & 2 != 0 ? "writing" : "reading"
        let isPresent = errorCode & 1 != 0
        return "\(name) \(access) \(Number.hex(accessedAddress)), "
            + (isPresent ? "which its page forbids" : "which is not mapped")
    }

    /// Whether a page fault accessed the page below the stack pointer, or lies just below the
    /// loader's stack, which starts at `stackStart`: an overflow.
    ///
    /// A large frame moves the stack pointer below the stack before anything is accessed.
    func isStackOverflow(stackStart: UInt64?) -> Bool {
        guard let accessedAddress else { return false }
        if accessedAddress < stackPointer, stackPointer - accessedAddress <= 4096 { return true }
        return stackStart.map { Self.isBelow($0, accessedAddress) } ?? false
    }

    /// Whether an address is in the loader's guard page or, in the largest frame that is
    /// recognised, in one of the pages below.
    static func isBelow(_ stackStart: UInt64, _ address: UInt64) -> Bool {
        address < stackStart && stackStart - address <= 16 << 10
    }

    /// Whether SeaBIOS caused it, which passes a reset on by a triple fault.
    fileprivate var isInFirmware: Bool { (0xC_0000..<0x10_0000).contains(address) }

    /// Whether it occurred because the processor could not deliver the previous exception, which is
    /// one that the log's `check_exception` does not remember.
    ///
    /// A handler may return to the same instruction, which then faults by itself: only for #DB and
    /// #NM is that likely, and the error code of a failed delivery names a descriptor (Intel SDM
    /// 3A, 6.13).
    fileprivate func isDelivering(_ previous: Self?) -> Bool {
        guard let previous, previous.address == address, previous.stackPointer == stackPointer
        else { return false }
        switch previous.vector {
        case 0, 8, 10...14: return false
        case 1, 7: return (10...13).contains(vector) && errorCode != 0
        default: return (10...14).contains(vector)
        }
    }
}

/// Reads QEMU's log (`-d int,cpu_reset`) for the exception that led to a triple fault.
struct FaultLog {
    /// The first exception before the triple fault.
    private(set) var tripleFault: ProcessorFault?
    private(set) var hasTripleFault = false
    private var first: ProcessorFault?
    /// The last exception or software interrupt.
    private var last: ProcessorFault?
    /// Whether another exception was being handled, as the line before an exception says; nil
    /// before a hardware or a software interrupt.
    private var isNested: Bool?

    mutating func take(_ line: String) {
        if let old = line.afterPrefix("check_exception old: ") {
            isNested = !old.hasPrefix("0xffffffff")
        } else if line.hasPrefix(" "), let fault = ProcessorFault(logLine: line) {
            let isSoftware = line.contains(" i=1 ")
            if isSoftware || isNested == false && !fault.isDelivering(last) { first = fault }
            last = isSoftware || isNested != nil ? fault : nil
            isNested = nil
        } else if line.hasPrefix("Triple fault"), first?.isInFirmware != true {
            hasTripleFault = true
            tripleFault = first
        }
    }
}

extension ProcessorFault {
    /// Parses a line such as `0: v=0e e=0000 i=0 cpl=0 IP=0008:… pc=… SP=0010:… CR2=…`.
    fileprivate init?(logLine line: String) {
        var values: [Substring: UInt64] = [:]
        for word in line.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let digits = parts[1].split(separator: ":").last else {
                continue
            }
            values[parts[0]] = UInt64(digits, radix: 16)
        }
        guard let vector = values["v"].flatMap(UInt8.init(exactly:)), let address = values["pc"],
            let stackPointer = values["SP"]
        else { return nil }
        self.init(
            vector: vector, errorCode: values["e"] ?? 0, address: address,
            accessedAddress: vector == 14 ? values["CR2"] : nil, stackPointer: stackPointer)
    }
}
