package import ELFKit

import HostSystem

/// What a kernel must do to pass.
public enum ExpectedOutcome: Equatable, Sendable {
    /// Exit with success, and pass all the tests that it reports.
    case success
    /// Panic: for a kernel that tests its own panic.
    case panic
    /// Reset the machine: for a kernel that tests its triple fault or its reboot.
    case reset
    /// End QEMU with this exit status.
    case exit(Int32)
}

extension ExpectedOutcome {
    /// Parses `success`, `panic`, `reset` or `exit=N`.
    package init?(argument: String) {
        switch argument {
        case "success": self = .success
        case "panic": self = .panic
        case "reset": self = .reset
        default:
            guard let status = argument.afterPrefix("exit=").flatMap({ UInt8($0) }) else {
                return nil
            }
            self = .exit(Int32(status))
        }
    }

    var text: String {
        switch self {
        case .success: "success"
        case .panic: "a panic"
        case .reset: "a reset"
        case .exit(let status): "exit status \(status)"
        }
    }
}

/// The exit status of QEMU that means success.
package struct SuccessStatus: Equatable, Sendable {
    package let status: Int32
    /// Whether a reset that ends QEMU with this status counts, as it does for 0.
    let includesReset: Bool

    package init(status: Int32, includesReset: Bool) {
        (self.status, self.includesReset) = (status, includesReset)
    }

    /// 33, which `isa-debug-exit` makes of 0x10; on AArch64 0, as semihosting sets any status.
    package static func standard(on architecture: Architecture) -> SuccessStatus {
        switch architecture {
        case .x86_64: SuccessStatus(status: 33, includesReset: false)
        case .aarch64: SuccessStatus(status: 0, includesReset: false)
        }
    }
}
