package import SystemPackage

import HostSystem

/// How a guest's QEMU came to its end.
enum GuestEnding: Equatable {
    /// By itself, with that status.
    case exited(Int32)
    /// By a signal that came from elsewhere.
    case killed(signal: Int32)
    /// Because the guest had all the time that it may have.
    case timedOut
    /// Because it was clear what there was to see.
    case stopped
}

extension GuestEnding {
    init(_ exit: Exit) {
        switch exit {
        case .status(let status): self = .exited(status)
        case .signal(let number): self = .killed(signal: number)
        }
    }
}

/// All that was seen of a guest, in amounts that do not grow with what it says.
package struct Evidence {
    /// How many of a guest's last lines are held.
    static let lineLimit = 25

    var ending = GuestEnding.exited(0)
    /// Whether QEMU tells what happens to the machine; a command of the user's may not.
    var isObserved = true
    /// Whether QEMU got as far as to start the machine.
    private(set) var hasStarted = false
    /// The last lines on the serial line.
    package private(set) var serialTail: [String] = []
    /// The last lines of QEMU's own.
    package private(set) var stderrLines: [String] = []
    package private(set) var tests = GuestTests()
    /// Why the loader did not start the kernel.
    private(set) var refusal: String?
    /// Why firmware started no loader.
    private(set) var bootFailure: String?
    /// What the kernel said when it gave up.
    private(set) var panicText: String?
    private(set) var wasReset = false
    /// Whether the guest told QEMU that it gave up (pvpanic).
    private(set) var hasPanicked = false
    private(set) var faults = FaultLog()
    private(set) var exceptions = ArmExceptionLog()
    /// By how much the loader moved the kernel, as it says.
    private(set) var slide: UInt64 = 0
    /// Where the stack begins that the loader gave the kernel; the page below is never mapped.
    private(set) var stackStart: UInt64?
    /// What the loader said when it began to wait for a debugger.
    private(set) var loaderWait: LoaderWait?
    /// Why the serial line is no longer recorded.
    package var recordProblem: Errno?
    /// What a line must have in it for ``hasSeenWatchedText``.
    var watchedText: String?
    private(set) var hasSeenWatchedText = false
    /// What became of the picture of the screen that was asked for.
    private(set) var picture: Result<Void, MachineMessage.Problem>?
    /// What the processor's registers held when the guest was to be ended.
    private(set) var registers: GuestRegisters?

    /// Whether nothing more is to come: firmware or loader have given up, and wait for ever.
    var isFinal: Bool { refusal != nil || bootFailure != nil }

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
        }
    }

    /// A line of SeaBIOS's on its debug port.
    mutating func takeBIOSLine(_ line: String) {
        if line.hasPrefix("Boot failed: ") || line.hasPrefix("No bootable device") {
            bootFailure = bootFailure ?? line
        }
    }

    /// A line of QEMU's own; that it was told to end is known.
    mutating func takeStderrLine(_ line: String) {
        if !line.contains(": terminating on signal ") { Self.keep(line, in: &stderrLines) }
    }

    mutating func takeLogLine(_ line: String) {
        faults.take(line)
        exceptions.take(line)
    }

    mutating func take(_ message: MachineMessage) {
        switch message.event {
        case "RESUME": hasStarted = true
        case "SHUTDOWN": if message.details?.reason == "guest-reset" { wasReset = true }
        case "GUEST_PANICKED": hasPanicked = true
        default: break
        }
        if message.id == ControlRequest.pictureID {
            picture = message.problem.map(Result.failure) ?? .success(())
        }
        if let reply = message.reply { registers = GuestRegisters(reply) }
    }

    private static func keep(_ line: String, in lines: inout [String]) {
        if lines.count == lineLimit { lines.removeFirst() }
        lines.append(line)
    }
}

extension Evidence {
    /// How the line begins with which kernels in C, Rust and Swift say that they give up.
    private static let panicMarks = [
        "Kernel panic", "panic: ", "PANIC", "panicked at ", "Fatal error: ",
    ]

    /// What the loader can refuse (Bootloader/Core/BootError.swift).
    static let refusals = [
        "kernel", "kernel's .bootloader-config", "ramdisk", "boot.json", "memory", "memory map",
        "address space", "disk", "payload", "screen", "firmware", "boot device",
        "boot volume", "network",
    ]

    private mutating func takeLoaderLine(_ line: String) {
        let text = line.dropFirst("bootimage: ".count)
        if Self.refusals.contains(where: { text.hasPrefix("\($0): ") }) {
            refusal = refusal ?? String(text)
        } else if text.hasPrefix("entry point ") {
            let numbers = Self.numbers(in: text)
            slide = numbers.count == 2 ? numbers[1] : 0
        } else if text.hasPrefix("stack of ") {
            stackStart = Self.numbers(in: text).last
        } else if text.hasPrefix("waiting for a debugger") {
            loaderWait = LoaderWait(numbers: Self.numbers(in: text))
        }
    }

    private static func numbers(in text: Substring) -> [UInt64] {
        text.split { " ,".contains($0) }.compactMap { word in
            word.hasPrefix("0x") ? UInt64(word.dropFirst(2), radix: 16) : nil
        }
    }

    /// OVMF tells each boot option that it tries, and ends in its own shell.
    private mutating func takeFirmwareLine(_ line: String) {
        let isShell = line.contains("starting") && line.contains("EFI Internal Shell")
        if isShell || line.contains("No bootable option") {
            bootFailure = serialTail.last { $0.contains("failed to load") } ?? line
        }
    }
}
