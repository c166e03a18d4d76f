import Testing

@testable import DiskImage
@testable import ELFKit
@testable import GuestKit
@testable import HostSystem

/// Finds the root of an AArch64 guest's exceptions in the log of QEMU 7.2.
struct ArmExceptionTests {
    /// Firmware's timer, the console of a kernel that ends well, PSCI.
    private static let handled = """
        Taking exception 5 [IRQ] on CPU 0
        ...from EL1 to EL1
        ...with ESR 0x0/0x0
        ...with ELR 0x4d2a4c90
        ...to EL1 PC 0x4faeea80 PSTATE 0x3c5
        Exception return from AArch64 EL1 to AArch64 EL1 PC 0x4d2a4c90
        Taking exception 16 [Semihosting call] on CPU 0
        ...from EL1 to EL1
        ...handling as semihosting call 0x4
        Taking exception 11 [Hypervisor Call] on CPU 0
        ...from EL1 to EL2
        ...with ESR 0x16/0x5a000000
        ...handled as PSCI call
        """

    private static let dataAbort = """
        Taking exception 4 [Data Abort] on CPU 0
        ...from EL1 to EL1
        ...with ESR 0x25/0x96000044
        ...with FAR 0x123456789000
        ...with ELR 0xffffffff80010180
        ...to EL1 PC 0x4c734200 PSTATE 0x3c5
        """

    private static let undefined = """
        Taking exception 1 [Undefined Instruction] on CPU 0
        ...from EL1 to EL1
        ...with ESR 0x0/0x2000000
        ...with ELR 0xffffffff80010160
        ...to EL1 PC 0x4c734200 PSTATE 0x3c5
        """

    private static let jumpToZero = """
        Taking exception 3 [Prefetch Abort] on CPU 0
        ...from EL1 to EL1
        ...with ESR 0x21/0x86000006
        ...with FAR 0x0
        ...with ELR 0x0
        ...to EL1 PC 0x4c734200 PSTATE 0x3c5
        """

    private static let systemCall = """
        Taking exception 2 [SVC] on CPU 0
        ...from EL1 to EL1
        ...with ESR 0x15/0x56000003
        ...with ELR 0xffffffff80010164
        ...to EL1 PC 0x4c734200 PSTATE 0x3c5
        """

    /// What follows when nothing is mapped at the vectors, again and again.
    private static let vectorAbort = """
        Taking exception 3 [Prefetch Abort] on CPU 0
        ...from EL1 to EL1
        ...with ESR 0x21/0x86000007
        ...with FAR 0x4c734200
        ...with ELR 0x4c734200
        ...to EL1 PC 0x4c734200 PSTATE 0x3c5
        """

    private static let exceptionReturn =
        "Exception return from AArch64 EL1 to AArch64 EL1 PC 0xffffffff80010184"

    private static func log(_ texts: String...) -> ArmExceptionLog {
        var log = ArmExceptionLog()
        for text in texts { text.split(separator: "\n").forEach { log.take(String($0)) } }
        return log
    }

    private static func times(_ count: Int, _ text: String) -> String {
        [String](repeating: text, count: count).joined(separator: "\n")
    }

    @Test(
        arguments: [
            (
                Self.dataAbort, 0xFFFF_FFFF_8001_0180,
                "data abort (ESR 0x96000044) writing 0x123456789000, which is not mapped"
            ),
            (Self.undefined, 0xFFFF_FFFF_8001_0160, "undefined instruction (ESR 0x2000000)"),
            (
                Self.jumpToZero, 0,
                "instruction abort (ESR 0x86000006) fetching from 0x0, which is not mapped"
            ),
            // The call itself, not what follows it.
            (Self.systemCall, 0xFFFF_FFFF_8001_0160, "supervisor call (SVC) (ESR 0x56000003)"),
        ] as [(String, UInt64, String)])
    func `the exception before an endless loop is its root`(
        _ first: String, _ address: UInt64, _ cause: String
    ) throws {
        let early = Self.log(Self.handled, first, Self.times(20, Self.vectorAbort))
        #expect(!early.isEndless && early.endless == nil)
        let log = Self.log(Self.handled, first, Self.times(200, Self.vectorAbort))
        let root = try #require(log.endless)
        #expect(root.address == address)
        #expect(root.cause == cause)
    }

    @Test func `an interrupt without vectors is a root, too`() throws {
        let interrupt = """
            Taking exception 5 [IRQ] on CPU 0
            ...from EL1 to EL1
            ...with ESR 0x0/0x0
            ...with ELR 0xffffffff80010200
            ...to EL1 PC 0x280 PSTATE 0x3c5
            """
        let abort = { (address: String) in
            Self.vectorAbort.replacing("R 0x4c734200", with: "R \(address)")
                .replacing("PC 0x4c734200", with: "PC 0x200")
        }
        let log = Self.log(interrupt, abort("0x280"), Self.times(200, abort("0x200")))
        #expect(log.endless?.cause == "IRQ, an interrupt")
        #expect(log.endless?.address == 0xFFFF_FFFF_8001_0200)
    }

    @Test func `an exception that is returned from is neither a root nor a loop`() {
        let log = Self.log(
            Self.handled, Self.times(1000, Self.dataAbort + "\n" + Self.exceptionReturn),
            Self.times(1000, Self.vectorAbort + "\n" + Self.exceptionReturn), Self.handled)
        #expect(log.root == nil && !log.isEndless)
    }

    @Test func `the first exception without a return stays the root`() {
        let nested = Self.undefined + "\n" + Self.exceptionReturn
        let log = Self.log(
            Self.handled, Self.dataAbort, nested, Self.handled, Self.undefined, Self.undefined)
        #expect(log.root?.name == "Data Abort" && !log.isEndless)
        #expect(Self.log(Self.dataAbort, nested, Self.exceptionReturn).root == nil)
        // A kernel's scheduler may leave an interrupt without a return.
        #expect(Self.log(Self.handled.replacing("return", with: "")).root == nil)
    }

    @Test func `a handler that faults itself ends in a loop`() {
        let handler = Self.dataAbort.replacing("0xffffffff80010180", with: "0xffffffff80010f84")
        let some = Self.log(Self.undefined, Self.times(1000, handler))
        #expect(some.root?.name == "Undefined Instruction" && !some.isEndless)
        var all = some
        for _ in 0..<100_000 { handler.split(separator: "\n").forEach { all.take(String($0)) } }
        #expect(all.endless == some.root)
    }

    @Test(arguments: [
        ("0x25/0x96000050", "data abort (ESR 0x96000050) writing 0x9000, where nothing answers"),
        ("0x25/0x9600000f", "data abort (ESR 0x9600000f) reading 0x9000, which its page forbids"),
        ("0x25/0x96000061", "data abort (ESR 0x96000061) writing 0x9000, which is not aligned"),
        ("0x21/0x86000001", "instruction abort (ESR 0x86000001) fetching from 0x9000"),
        ("0x22/0x8a000000", "misaligned program counter (ESR 0x8a000000)"),
        ("0x3f/0xfc000000", "Data Abort (ESR 0xfc000000)"),
    ])
    func `the syndrome is described`(_ syndrome: String, _ cause: String) {
        let text = Self.dataAbort.replacing("0x25/0x96000044", with: syndrome)
            .replacing("0x123456789000", with: "0x9000")
        #expect(Self.log(text).root?.cause == cause)
    }

    @Test func `an access to the pages below the stack is an overflow`() {
        let exception = { (address: UInt64, syndrome: UInt64) in
            ArmException(
                name: "", syndrome: syndrome, accessedAddress: address, returnAddress: 0,
                vector: 0
            ).isStackOverflow(stackStart: 0x1_1000)
        }
        #expect(exception(0x1_0000, 0x9600_0047) && exception(0x1_0FFF, 0x9600_0007))
        #expect(exception(0xD000, 0x9600_0047) && !exception(0xCFFF, 0x9600_0047))
        #expect(!exception(0x1_1000, 0x9600_0047))
        #expect(!exception(0x1_0800, 0x8600_0006), "a jump there")
    }

    @Test(arguments: [
        "", "Taking exception", "Taking exception 4", "...", "...with ESR", "...to EL1 PC",
        "...with ELR 1234", "...to EL1 PC zero PSTATE 0x0", "Exception return from AArch64 ",
    ])
    func `a truncated line is not an exception`(_ line: String) {
        let log = Self.log("Taking exception 4 [Data Abort] on CPU 0", line, line)
        #expect(log.root == nil && !log.isEndless)
    }

    @Test func `an endless loop is a verdict, unless the guest reported a panic`() throws {
        var evidence = Evidence()
        evidence.ending = nil
        for text in [Self.dataAbort, Self.times(200, Self.vectorAbort)] {
            text.split(separator: "\n").forEach { evidence.takeLogLine(String($0)) }
        }
        let root = try #require(evidence.exceptions.endless)
        #expect(Verdict(evidence, on: .aarch64) == .unhandledException(root))
        evidence.takeSerial("Kernel panic: nothing works", at: .zero)
        #expect(Verdict(evidence, on: .aarch64) == .panicked("Kernel panic: nothing works"))
    }

    @Test func `registers of both architectures are parsed`() {
        let x86 = "RAX=0000000000000000 RBX=00ff\r\nRIP=ffffffff80001000 RFL=00000002"
        #expect(GuestRegisters(x86) == GuestRegisters(address: 0xFFFF_FFFF_8000_1000, link: nil))
        let arm =
            "\r\nCPU#0\r\n PC=000000004c734200 X00=0000000000000000 X30=ffffffff800101a8"
            + "  SP=0000008000001000\r\nPSTATE=600003c5 -ZC- EL1h"
        #expect(
            GuestRegisters(arm)
                == GuestRegisters(address: 0x4C73_4200, link: 0xFFFF_FFFF_8001_01A8))
        #expect(GuestRegisters("") == nil)
    }
}
