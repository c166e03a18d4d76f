import HostSystem

/// What a kernel must do to pass.
package enum Expectation: Equatable, Sendable {
    /// End with success, and pass all tests that it tells of.
    case success
    /// Give up: a kernel that tests its own panic.
    case panic
    /// Reset the machine: a kernel that tests its triple fault, or how it reboots.
    case reset
    /// End QEMU with that status.
    case exit(Int32)
}

extension Expectation {
    /// Reads `success`, `panic`, `reset` or `exit=N`.
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

    package var text: String {
        switch self {
        case .success: "success"
        case .panic: "a panic"
        case .reset: "a reset"
        case .exit(let status): "exit status \(status)"
        }
    }
}
