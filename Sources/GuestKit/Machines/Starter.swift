package import DiskImage

/// What starts the kernel of a guest.
package enum Starter: Equatable, Sendable {
    /// Firmware, through a loader.
    case firmware(Firmware)
    /// QEMU, in place of the firmware of a board.
    case board(Board)
    /// QEMU, without firmware and image (`-kernel`).
    case direct

    /// The name in reports and in the names of files.
    package var name: String {
        switch self {
        case .firmware(let firmware): firmware.rawValue
        case .board(let board): board.rawValue
        case .direct: "direct"
        }
    }

    /// The firmware; nil if QEMU starts the kernel.
    package var firmware: Firmware? {
        if case .firmware(let firmware) = self { firmware } else { nil }
    }
}
