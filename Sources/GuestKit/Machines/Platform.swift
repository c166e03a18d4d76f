package import ELFKit

/// What QEMU needs to emulate an architecture.
package struct Platform: Sendable {
    /// The name of QEMU's program.
    package let executable: String
    /// The architecture's name in firmware descriptors (QEMU's docs/interop/firmware.json).
    let firmwareArchitecture: String
    /// Arguments for every machine.
    let arguments: [String]
    /// The processor model without KVM; nil for QEMU's default.
    let processor: String?
    /// The items of QEMU's `-d` that log exceptions as ``Evidence`` reads them.
    let logItems: String
    /// The devices through which a guest ends QEMU, each as an option and its value.
    let exitDevices: [(option: String, value: String)]
}

extension Architecture {
    package var platform: Platform {
        switch self {
        case .x86_64:
            Platform(
                executable: "qemu-system-x86_64", firmwareArchitecture: "x86_64", arguments: [],
                processor: nil, logItems: "int,cpu_reset",
                exitDevices: [
                    ("-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"), ("-device", "pvpanic"),
                ])
        case .aarch64:
            Platform(
                executable: "qemu-system-aarch64", firmwareArchitecture: "aarch64",
                // A framebuffer in memory: virtio's display has none until a driver sets it up.
                arguments: ["-device", "ramfb"],
                // The default of virt is a 32-bit processor.
                processor: "cortex-a72", logItems: "int",
                exitDevices: [
                    ("-semihosting-config", "enable=on,target=native"),
                    ("-device", "pvpanic-pci"),
                ])
        }
    }

    /// The gdb for it: Debian's plain gdb supports the host's architecture only.
    package var debugger: String { self == .host ? "gdb" : "gdb-multiarch" }

    /// The architecture of this process.
    static var host: Architecture {
        #if arch(arm64)
            .aarch64
        #else
            .x86_64
        #endif
    }
}
