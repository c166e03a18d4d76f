// A kernel in Embedded Swift that requests a configuration in its section `.bootloader-config` and
// checks the result: one serial line for each check, success only if all hold.

import BootInfo
public import CBootInfo
import Synchronization

@section(".bootloader-config") @used
let configuration: KernelConfiguration.Section = (
    identifier: [
        0x74, 0x3C, 0xA9, 0x61, 0x09, 0x36, 0x46, 0xA0,
        0xBB, 0x55, 0x5C, 0x15, 0x89, 0x15, 0x25, 0x3D,
    ],
    version: (0, 11, 16), isPreRelease: false,
    kernelStackByteCount: [0x00, 0x80, 0, 0, 0, 0, 0, 0],  // 32 KiB
    kernelStack: (false, [0, 0, 0, 0, 0, 0, 0, 0]),
    kernelBase: (false, [0, 0, 0, 0, 0, 0, 0, 0]),
    bootInfo: (false, [0, 0, 0, 0, 0, 0, 0, 0]),
    framebuffer: (false, [0, 0, 0, 0, 0, 0, 0, 0]),
    physicalMemory: (true, (false, [0, 0, 0, 0, 0, 0, 0, 0])),
    recursivePageTable: (false, (false, [0, 0, 0, 0, 0, 0, 0, 0])),
    randomizesAddresses: false,
    dynamicRangeStart: (true, [0, 0, 0, 0, 0, 0x80, 0xFF, 0xFF]),  // the upper half
    dynamicRangeEnd: (false, [0, 0, 0, 0, 0, 0, 0, 0]),
    ramdisk: (false, [0, 0, 0, 0, 0, 0, 0, 0]),
    minimumFramebufferHeight: (false, [0, 0, 0, 0, 0, 0, 0, 0]),
    minimumFramebufferWidth: (false, [0, 0, 0, 0, 0, 0, 0, 0])
)

@section(".bootimage-requests") @used
let requests: UInt64 = 3  // the processors, and the frequency of the counter

private let upperHalf: UInt64 = 0xFFFF_8000_0000_0000

/// The kernel's entry point.
@c(_start) public func start(_ bootInfo: UnsafePointer<boot_info>) {
    let info = BootInfo(bootInfo)
    var checks = Checks()
    checks.check(info.apiVersion >= APIVersion(0, 11, 0), "API version")
    checks.check(info.kernelStack.count == 32 << 10, "stack size as configured")
    checks.check(info.kernelStack.lowerBound >= upperHalf, "the stack is in the upper half")
    checks.check(UInt(bitPattern: bootInfo) >= upperHalf, "boot info is in the upper half")
    checks.check(info.memoryRegions.usableByteCount > 100 << 20, "most of the memory is usable")
    checks.checkPhysicalMemory(info)
    checks.checkScreen(info)
    checks.checkExtension(info)
    checks.checkProcessors(info)
    finish(checks.failures == 0 ? 1 : 0)
}

/// How many other processors have come.
private let arrivals = Atomic<Int>(0)

/// What the other processors run.
private func arrive(_ processor: UnsafeMutablePointer<boot_processor>?) {
    if processor?.pointee.argument == 7 { arrivals.add(1, ordering: .releasing) }
    while true {}
}

/// Reports each check on the serial port.
private struct Checks {
    private(set) var failures = 0

    mutating func check(_ holds: Bool, _ what: StaticString) {
        if !holds { failures += 1 }
        say(holds ? "ok " : "FAILED ")
        say(what)
        say("\n")
    }

    mutating func checkPhysicalMemory(_ info: BootInfo) {
        guard let offset = info.physicalMemoryOffset else {
            return check(false, "physical memory is mapped")
        }
        check(offset >= upperHalf, "physical memory is mapped in the upper half")
        let file = UnsafePointer<UInt32>(bitPattern: UInt(offset + info.kernelFile.lowerBound))
        check(file?.pointee == 0x464C_457F, "the ELF file is in the physical memory")
    }

    mutating func checkScreen(_ info: BootInfo) {
        guard let screen = info.framebuffer else { return check(false, "there is a framebuffer") }
        screen.fill(with: Color(red: 0x20, green: 0x40, blue: 0x80))
        let last = (screen.stride * (screen.height - 1) + screen.width - 1) * screen.bytesPerPixel
        check(screen.withPixels { $0[last] } == 0x80, "the last pixel is blue")
    }

    mutating func checkExtension(_ info: BootInfo) {
        guard let found = info.loaderExtension else { return check(false, "extension") }
        #if arch(arm64)
            check(found.serialPort?.address == 0x0900_0000, "the serial port of QEMU's virt")
            check(found.firmwareExceptionLevel == 1, "firmware ran at EL1")
        #else
            check(found.serialPort == nil, "no serial port in memory")
            check(found.firmwareExceptionLevel == nil, "no exception level")
        #endif
    }

    mutating func checkProcessors(_ info: BootInfo) {
        check(info.loaderExtension?.counterFrequency ?? 0 > 1_000_000, "the counter's frequency")
        check(info.loaderExtension?.bootTime ?? 0 > 1_700_000_000, "the time of the boot")
        let (first, others) = (info.processors.first, info.processors.dropFirst())
        check(first?.isParked == false && first?.stack.count == 32 << 10, "this processor")
        check(others.count == 2 && others.allSatisfy { $0.isParked }, "two are parked")
        for processor in others { processor.start(at: { arrive($0) }, argument: 7) }
        while arrivals.load(ordering: .acquiring) < others.count {}
        check(others.allSatisfy { !$0.isParked }, "both have come")
    }

    private func say(_ text: StaticString) {
        text.withUTF8Buffer { for character in $0 { put(character) } }
    }
}
