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
