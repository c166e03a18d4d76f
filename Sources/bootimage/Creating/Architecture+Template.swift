import ELFKit
import GuestKit
import HostSystem

/// The text of a new package that depends on its architecture.
extension Architecture {
    /// Keeps a template's lines for this architecture.
    ///
    /// A line that starts with `@x86_64@` or `@aarch64@` is for that architecture only.
    func lines(of template: String) -> String {
        let others = Self.allCases.filter { $0 != self }.map { "@\($0)@" }
        return template.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { line in !others.contains { line.hasPrefix($0) } }
            .joined(separator: "\n")
            .replacing("@\(self)@", with: "")
    }

    /// The triple for bare metal.
    var triple: String {
        switch self {
        case .x86_64: "x86_64-unknown-none-elf"
        case .aarch64: "aarch64-none-none-elf"
        }
    }

    /// The emulation, for `ld.lld -m`.
    var linkerEmulation: String {
        switch self {
        case .x86_64: "elf_x86_64"
        case .aarch64: "aarch64elf"
        }
    }

    /// Debian's packages with QEMU and its firmware, as a phrase in Markdown.
    var qemuPackages: String {
        switch self {
        case .x86_64: "`qemu-system-x86` and `ovmf`"
        case .aarch64: "`qemu-system-arm` and `qemu-efi-aarch64`"
        }
    }
}
