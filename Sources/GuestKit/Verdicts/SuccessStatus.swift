package import ELFKit

/// The exit status of QEMU that means success.
package struct SuccessStatus: Equatable, Sendable {
    package let status: Int32
    /// Whether a reset that ends QEMU with this status counts, as it does for 0.
    let includesReset: Bool

    package init(status: Int32, includesReset: Bool) {
        (self.status, self.includesReset) = (status, includesReset)
    }

    /// The value that `isa-debug-exit` makes of 0x10, or 0 where semihosting allows any status.
    package static func standard(on architecture: Architecture) -> SuccessStatus {
        switch architecture {
        case .x86_64: SuccessStatus(status: 33, includesReset: false)
        case .aarch64: SuccessStatus(status: 0, includesReset: false)
        }
    }
}
