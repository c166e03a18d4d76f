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
        let name = Self.names[vector] ?? "exception \(vector)"
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

    /// Whether a page fault accessed the page below the stack pointer: an overflow.
    var isStackOverflow: Bool {
        guard let accessedAddress else { return false }
        return accessedAddress < stackPointer && stackPointer - accessedAddress <= 4096
    }
}

/// Reads QEMU's log (`-d int,cpu_reset`) for the exception that led to a triple fault.
struct FaultLog {
    /// The first exception before the triple fault.
    private(set) var tripleFault: ProcessorFault?
    private(set) var hasTripleFault = false
    private var first: ProcessorFault?
    private var isNextFirst = false

    mutating func take(_ line: String) {
        if let old = line.afterPrefix("check_exception old: ") {
            // No other exception was being handled.
            isNextFirst = old.hasPrefix("0xffffffff")
        } else if isNextFirst, let fault = ProcessorFault(logLine: line) {
            first = fault
            isNextFirst = false
        } else if line.hasPrefix("Triple fault") {
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
