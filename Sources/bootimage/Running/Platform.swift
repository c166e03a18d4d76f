import ELFKit

/// What QEMU is for an architecture, and how it is told what is wanted of it.
struct Platform: Sendable {
    /// The program.
    let executable: String
    /// Debian's package with it.
    let package: String
    /// Debian's package with firmware.
    let firmwarePackage: String
    /// What firmware descriptors call the architecture (QEMU's docs/interop/firmware.json).
    let firmwareArchitecture: String
    /// What a machine has in any case, but for what KVM says of its processors.
    let arguments: [String]
    /// The processors of a guest that is not run by KVM; `nil`: QEMU's own choice is good.
    let processor: String?
    /// The classes of events to be logged: exceptions, in a form that is understood here.
    let logItems: String
    /// How a guest says that it ends, each with the option that it begins with.
    let endings: [(option: String, value: String)]
}

extension Architecture {
    /// What QEMU is for it.
    var platform: Platform {
        switch self {
        case .x86_64:
            Platform(
                executable: "qemu-system-x86_64", package: "qemu-system-x86",
                firmwarePackage: "ovmf", firmwareArchitecture: "x86_64", arguments: [],
                processor: nil, logItems: "int,cpu_reset",
                endings: [
                    ("-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"), ("-device", "pvpanic"),
                ])
        case .aarch64:
            Platform(
                executable: "qemu-system-aarch64", package: "qemu-system-arm",
                firmwarePackage: "qemu-efi-aarch64", firmwareArchitecture: "aarch64",
                // A screen whose pixels are memory, which virtio's are not before it is driven.
                arguments: ["-device", "ramfb"],
                // Without a word, virt has one of 32 bits.
                processor: "cortex-a72", logItems: "int",
                endings: [
                    ("-semihosting-config", "enable=on,target=native"),
                    ("-device", "pvpanic-pci"),
                ])
        }
    }

    /// The gdb for it: Debian's plain one knows this machine's architecture alone.
    var debugger: String { self == .host ? "gdb" : "gdb-multiarch" }

    /// That of the machine which runs this program.
    static var host: Architecture {
        #if arch(arm64)
            .aarch64
        #else
            .x86_64
        #endif
    }
}
