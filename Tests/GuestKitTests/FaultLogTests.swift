import Testing

@testable import GuestKit

/// The exception that a triple fault started with, in logs that QEMU 7.2 has written.
struct FaultLogTests {
    private static func entry(
        _ vector: String, _ error: String, _ kind: Int = 0, pc: String = "ffffffff80001004",
        rest: String = "env->regs[R_EAX]=0000000000000000"
    ) -> String {
        "     0: v=\(vector) e=\(error) i=\(kind) cpl=0 IP=0008:\(pc) pc=\(pc) "
            + "SP=0010:0000008000014ff0 \(rest)"
    }

    private static let end = [
        "check_exception old: 0xd new 0xd", entry("08", "0000"),
        "check_exception old: 0x8 new 0xd", "Triple fault",
    ]

    private static func check(_ vector: String) -> String {
        "check_exception old: 0xffffffff new 0x\(vector)"
    }

    @Test(arguments: [
        (
            [check("6"), entry("06", "0000"), check("d"), entry("0d", "0020")],
            "invalid opcode (#UD)"
        ),
        (
            [
                check("6"), entry("06", "0000"), check("e"),
                entry("0e", "0000", rest: "CR2=000000000e530060"),
            ],
            "invalid opcode (#UD)"
        ),
        ([entry("03", "0000", 1), check("d"), entry("0d", "0020")], "breakpoint (#BP)"),
        ([entry("80", "0000", 1), check("d"), entry("0d", "0802")], "interrupt 0x80"),
        // A handled #UD elsewhere, and a handled #NM at the same place.
        (
            [check("6"), entry("06", "0000", pc: "1000"), check("d"), entry("0d", "0020")],
            "general protection (#GP) with error code 0x20"
        ),
        (
            [
                check("7"), entry("07", "0000"), check("e"),
                entry("0e", "0002", rest: "CR2=0000000000001000"),
            ],
            "page fault (#PF) writing 0x1000, which is not mapped"
        ),
        // A timer's interrupt at the same place.
        (
            [entry("20", "0000"), check("e"), entry("0e", "0002", rest: "CR2=0000000000001000")],
            "page fault (#PF) writing 0x1000, which is not mapped"
        ),
    ])
    func `the first exception is the cause`(_ lines: [String], _ cause: String) {
        var log = FaultLog()
        for line in lines + Self.end { log.take(line) }
        #expect(log.tripleFault?.cause == cause)
    }

    @Test func `a triple fault by which SeaBIOS resets is none of the kernel's`() {
        var log = FaultLog()
        for line in [Self.entry("03", "0000", 1, pc: "00000000000efaad")] + Self.end {
            log.take(line)
        }
        #expect(!log.hasTripleFault)
    }

    @Test(
        arguments: [
            // Frames of 512 bytes to 8 KiB: the stack pointer is below what is accessed, or above.
            (0x7F_FFFF_FFF8, 0x80_0000_0100, true), (0x80_0000_0E00, 0x80_0000_0DF0, true),
            (0x7F_FFFF_F010, 0x7F_FFFF_EFF0, true), (0x80_0000_0FFF, 0x80_0001_4000, true),
            (0x80_0000_1000, 0x80_0000_0000, false), (0x7F_FFFF_CFFF, 0x80_0001_4000, false),
            (0x1000, 0x80_0001_4000, false),
        ] as [(UInt64, UInt64, Bool)])
    func `a fault just below the stack is an overflow`(
        _ accessed: UInt64, _ pointer: UInt64, _ isOverflow: Bool
    ) {
        let fault = ProcessorFault(
            vector: 14, errorCode: 2, address: 0, accessedAddress: accessed, stackPointer: pointer)
        #expect(fault.isStackOverflow(stackStart: 0x80_0000_1000) == isOverflow)
    }
}
