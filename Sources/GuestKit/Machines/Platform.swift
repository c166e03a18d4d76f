package import ELFKit

/// What QEMU needs to emulate an architecture.
package struct Platform: Sendable {
    /// QEMU's program.
    package let executable: String
    /// The architecture's name in firmware descriptors (QEMU's docs/interop/firmware.json).
    let firmwareArchitecture: String
    /// Arguments that every machine gets.
    let arguments: [String]
    /// The processor without KVM; nil for QEMU's default.
    let processor: String?
    /// The events that QEMU logs: exceptions, in a form that ``Evidence`` reads.
    let logItems: String
    /// How a guest ends QEMU, each as an option and its value.
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
                // A screen whose pixels are memory; virtio's are not before a driver has set it up.
                arguments: ["-device", "ramfb"],
                // The default of virt is a 32-bit processor.
                processor: "cortex-a72", logItems: "int",
                exitDevices: [
                    ("-semihosting-config", "enable=on,target=native"),
                    ("-device", "pvpanic-pci"),
                ])
        }
    }

    /// The gdb that knows it: Debian's plain gdb knows the host's architecture only.
    package var debugger: String { self == .host ? "gdb" : "gdb-multiarch" }

    /// The architecture of this program.
    static var host: Architecture {
        #if arch(arm64)
            .aarch64
        #else
            .x86_64
        #endif
    }
}
