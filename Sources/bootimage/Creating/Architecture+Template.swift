import ELFKit
import GuestKit
import HostSystem

/// What a new package says of its architecture.
extension Architecture {
    /// A template's text for this architecture: a line that begins with an architecture's name
    /// between @ is for that one alone.
    func lines(of template: String) -> String {
        let others = Self.allCases.filter { $0 != self }.map { "@\($0)@" }
        return template.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { line in !others.contains { line.hasPrefix($0) } }
            .joined(separator: "\n")
            .replacing("@\(self)@", with: "")
    }

    /// What Swift calls a machine of it without an operating system.
    var triple: String {
        switch self {
        case .x86_64: "x86_64-unknown-none-elf"
        case .aarch64: "aarch64-none-none-elf"
        }
    }

    /// What `ld.lld -m` calls it.
    var linkerEmulation: String {
        switch self {
        case .x86_64: "elf_x86_64"
        case .aarch64: "aarch64elf"
        }
    }

    /// Debian's packages of QEMU and its firmware, as a sentence has them.
    var packages: String {
        switch self {
        case .x86_64: "`qemu-system-x86` and `ovmf`"
        case .aarch64: "`qemu-system-arm` and `qemu-efi-aarch64`"
        }
    }
}
