import ELFKit

/// Debian's packages, for `apt install PACKAGE` in messages.
enum Packages {
    private static let ofProgram = [
        "clang": "clang", "gzip": "gzip", "ld.lld": "lld", "llvm-objdump": "llvm",
        "llvm-symbolizer": "llvm", "openssl": "openssl", "qemu-img": "qemu-utils",
        "qemu-system-aarch64": "qemu-system-arm", "qemu-system-x86_64": "qemu-system-x86",
        "sbsign": "sbsigntool", "sbverify": "sbsigntool", "xz": "xz-utils", "zstd": "zstd",
    ]

    /// The package that contains a program.
    static func package(of program: String) -> String { ofProgram[program] ?? program }

    /// The package with UEFI firmware for QEMU.
    static func firmware(for architecture: Architecture) -> String {
        switch architecture {
        case .x86_64: "ovmf"
        case .aarch64: "qemu-efi-aarch64"
        }
    }
}
