package import SystemPackage

import HostSystem

/// What was observed of a guest, in bounded memory.
package struct Evidence: Sendable {
    private static let lineLimit = 25
    /// This many resets are a loop if each follows the last one within the period; SeaBIOS adds one
    /// to each.
    private static let resetLimit = 5
    private static let resetPeriod = Duration.seconds(60)

    /// How QEMU ended; nil if this process ended it, after the limit or once the verdict was clear.
    var ending: Exit? = .status(0)
    /// Whether QEMU reports the machine's events; the user's own command does not.
    var isObserved = true
    private(set) var hasStarted = false
    package private(set) var serialTail: [String] = []
    package private(set) var stderrLines: [String] = []
    package private(set) var tests = GuestTests()
    /// Why the loader refused to start the kernel.
    private(set) var refusal: String?
    /// The exception that ended the loader, such as a failed precondition.
    private(set) var loaderFailure: String?
    /// Why the firmware started no loader.
    private(set) var bootFailure: String?
    /// The line with which the kernel panicked; in Rust the message is on the next one.
    private(set) var panicText: String?
    private var isPanicUnfinished = false
    private(set) var wasReset = false
    /// How often the guest has reset the machine in a row, less than a minute after the last reset.
    private(set) var resetCount = 0
    private var lastReset = Duration.zero
    /// Whether the guest waits for interrupts that it has disabled.
    private(set) var isHalted = false
    /// Whether the guest reported a panic to QEMU (pvpanic).
    private(set) var hasPanicked = false
    private(set) var faults = FaultLog()
    private(set) var exceptions = ArmExceptionLog()
    /// The distance by which the loader moved the kernel, as it reports.
    private(set) var slide: UInt64 = 0
    /// The lowest address of the kernel's first stack; the page below is never mapped.
    private(set) var stackStart: UInt64?
    /// The addresses that the loader reports when it waits for a debugger.
    private(set) var loaderWait: LoaderWait?
    /// Why recording the serial line failed.
    package var recordProblem: Errno?
    /// The text that a line must contain for ``hasSeenWatchedText``.
    var watchedText: String?
    private(set) var hasSeenWatchedText = false
    /// How many requests for a picture of the screen QEMU has answered, and its last answer.
    private(set) var pictureCount = 0
    private(set) var picture: Result<Void, MachineMessage.Problem>?
    /// Whether the machine has stopped for good.
    private(set) var isShutDown = false
    private(set) var registers: GuestRegisters?

    /// Whether firmware or loader has given up and waits forever.
    var isFinal: Bool { refusal != nil || loaderFailure != nil || bootFailure != nil }
    /// Whether the guest resets the machine again and again.
    var isResetLoop: Bool { resetCount >= Self.resetLimit }

    mutating func takeSerial(_ line: String, at time: Duration) {
        Self.keep(line, in: &serialTail)
        if let watchedText, line.contains(watchedText) { hasSeenWatchedText = true }
        tests.take(line, at: time)
        if line.hasPrefix("bootimage: ") {
            takeLoaderLine(line)
        } else if line.hasPrefix("BdsDxe: ") {
            takeFirmwareLine(line)
        } else if panicText == nil, Self.panicMarks.contains(where: line.hasPrefix) {
            panicText = line
            isPanicUnfinished = line.contains("panicked at ") && line.hasSuffix(":")
        } else if isPanicUnfinished, !line.isEmpty {
            panicText?.append(" " + line)
            isPanicUnfinished = false
        }
    }

    /// Takes a line from SeaBIOS's debug port.
    mutating func takeBIOSLine(_ line: String) {
        if line.hasPrefix("Boot failed: ") || line.hasPrefix("No bootable device") {
            bootFailure = bootFailure ?? line
        }
    }

    /// Takes a line of QEMU's standard error; returns false for the one about SIGTERM.
    mutating func takeStderrLine(_ line: String) -> Bool {
        if line.contains(": terminating on signal ") { return false }
        Self.keep(line, in: &stderrLines)
        return true
    }

    mutating func takeLogLine(_ line: String) {
        faults.take(line)
        exceptions.take(line)
    }

    mutating func take(_ message: MachineMessage, at time: Duration = .zero) {
        switch message.event {
        case "RESUME": hasStarted = true
        case "SHUTDOWN":
            isShutDown = true
            if message.details?.reason == "guest-reset" { wasReset = true }
        case "RESET" where message.details?.reason == "guest-reset":
            resetCount = time - lastReset < Self.resetPeriod ? resetCount + 1 : 1
            lastReset = time
        case "GUEST_PANICKED": hasPanicked = true
        default: break
        }
        if message.id == ControlRequest.pictureID {
            pictureCount += 1
            picture = message.problem.map(Result.failure) ?? .success(())
        }
        guard let reply = message.reply else { return }
        if message.id == ControlRequest.haltID {
            isHalted = GuestKit.isHalted(registers: reply)
        } else {
            registers = GuestRegisters(reply)
        }
    }

    private static func keep(_ line: String, in lines: inout [String]) {
        if lines.count == lineLimit { lines.removeFirst() }
        lines.append(line)
    }

    /// How a line starts with which kernels in C, Rust or Swift panic.
    private static let panicMarks = [
        "Kernel panic", "panic: ", "PANIC", "panicked at ", "Error: panicked at ",
        "Fatal error: ",
    ]

    /// The parts that the loader can refuse (Bootloader/Core/BootError.swift).
    static let refusals = [
        "kernel", "kernel's .bootloader-config", "ramdisk", "boot.json", "parameters", "module",
        "memory", "memory map", "address space", "disk", "payload", "screen", "firmware",
        "boot device", "boot volume", "network",
    ]

    private mutating func takeLoaderLine(_ line: String) {
        let text = line.dropFirst("bootimage: ".count)
        let numbers = text.split { " ,".contains($0) }.compactMap(\.hexNumber)
        if Self.refusals.contains(where: { text.hasPrefix("\($0): ") }) {
            refusal = refusal ?? String(text)
        } else if let failure = String(text).afterPrefix("the loader failed: ") {
            loaderFailure = loaderFailure ?? String(failure)
        } else if text.hasPrefix("entry point ") {
            slide = numbers.count == 2 ? numbers[1] : 0
        } else if text.hasPrefix("stack of ") {
            stackStart = numbers.last
        } else if text.hasPrefix("waiting for a debugger") {
            loaderWait =
                numbers.count == 3
                ? LoaderWait(entry: numbers[0], slide: numbers[1], word: numbers[2]) : nil
        }
    }

    /// OVMF reports each boot option that it tries, and ends in its own shell.
    private mutating func takeFirmwareLine(_ line: String) {
        let isShell = line.contains("starting") && line.contains("EFI Internal Shell")
        if isShell || line.contains("No bootable option") {
            bootFailure = serialTail.last { $0.contains("failed to load") } ?? line
        }
    }
}

/// The addresses that a debugger needs to stop a kernel at its start.
struct LoaderWait: Equatable {
    let entry: UInt64
    /// The distance by which the loader moved the kernel.
    let slide: UInt64
    /// The address of the word that makes the loader go on once it is not 0; nil without a loader,
    /// where QEMU does not start the machine before the debugger does.
    let word: UInt64?
}

extension Substring {
    /// The number after `0x`; nil for any other text.
    var hexNumber: UInt64? { hasPrefix("0x") ? UInt64(dropFirst(2), radix: 16) : nil }
}
