package import ELFKit

/// What QEMU needs to emulate an architecture, or a board.
package struct Platform: Sendable {
    /// What cannot be changed in a board.
    struct Board: Sendable {
        let memory: MemorySize
        let processorCount: Int
    }

    package let executable: String
    /// The chipset and the disk by default.
    let chipset: Machine.Chipset
    var disk: Machine.Disk
    /// Arguments for every machine.
    var arguments: [String]
    /// The `-vga` of its machines, if they have one.
    let display: String?
    /// The processor model without KVM; nil for QEMU's default.
    var processor: String?
    /// The items of QEMU's `-d` that log exceptions as ``Evidence`` reads them.
    let logItems: String
    /// The status of success: 33, which `isa-debug-exit` makes of 0x10; on AArch64 0, as
    /// semihosting sets any status.
    package let successStatus: Int32
    /// The devices through which a guest ends QEMU, each as an option and its value.
    var exitDevices: [(option: String, value: String)]
    /// Nil for machines that are put together.
    var board: Board?
}

extension Machine.Chipset {
    /// The platform of its architecture; a board has its own processors and screen, and no bus for
    /// other devices.
    var platform: Platform {
        let memory: MemorySize
        switch self {
        case .q35, .pc, .virt: return architecture.platform
        case .raspi3b: memory = .oneGibibyte
        case .raspi4b: memory = .twoGibibytes
        }
        var platform = architecture.platform
        (platform.disk, platform.arguments, platform.processor) = (.sd, [], nil)
        platform.exitDevices.removeAll { $0.option == "-device" }
        platform.board = Platform.Board(memory: memory, processorCount: 4)
        return platform
    }
}

extension Architecture {
    package var platform: Platform {
        switch self {
        case .x86_64:
            Platform(
                executable: "qemu-system-x86_64", chipset: .q35, disk: .ahci, arguments: [],
                display: "std", processor: nil, logItems: "int,cpu_reset", successStatus: 33,
                exitDevices: [
                    ("-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"), ("-device", "pvpanic"),
                ])
        case .aarch64:
            Platform(
                executable: "qemu-system-aarch64", chipset: .virt, disk: .virtio,
                // A framebuffer in memory: virtio's display has none until a driver sets it up.
                arguments: ["-device", "ramfb"], display: nil,
                // The default of virt is a 32-bit processor.
                processor: "cortex-a72", logItems: "int", successStatus: 0,
                exitDevices: [
                    ("-semihosting-config", "enable=on,target=native"),
                    ("-device", "pvpanic-pci"),
                ])
        }
    }

    /// The gdb for it: Debian's plain gdb supports the host's architecture only.
    package var debugger: String { self == .host ? "gdb" : "gdb-multiarch" }

    static var host: Architecture {
        #if arch(arm64)
            .aarch64
        #else
            .x86_64
        #endif
    }
}
