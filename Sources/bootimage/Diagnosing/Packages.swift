import ELFKit
import GuestFSProtocol

/// Debian's packages, for `apt install PACKAGE` in messages.
enum Packages {
    private static let ofProgram = [
        "clang": "clang", "gzip": "gzip", "ld.lld": "lld", "llvm-objdump": "llvm",
        "llvm-symbolizer": "llvm", "openssl": "openssl", "qemu-img": "qemu-utils",
        "qemu-system-aarch64": "qemu-system-arm", "qemu-system-x86_64": "qemu-system-x86",
        "sbsign": "sbsigntool", "sbverify": "sbsigntool", "xz": "xz-utils", "zstd": "zstd",
    ]

    static let libguestfs = "libguestfs0"

    static func package(of program: String) -> String { ofProgram[program] ?? program }

    /// Why and how to install a program that is not on PATH.
    static func missing(_ program: String, for use: String? = nil) -> String {
        "\(program) is not on PATH\(use.map { ", and \($0) requires it" } ?? ""); install it: "
            + "apt install \(package(of: program))"
    }

    static func firmware(for architecture: Architecture) -> String {
        switch architecture {
        case .x86_64: "ovmf"
        case .aarch64: "qemu-efi-aarch64"
        }
    }

    /// The packages with what libguestfs's virtual machine needs for a file system.
    static func programs(for fileSystem: GuestFSRequest.FileSystem) -> String {
        switch fileSystem {
        case .ext2, .ext4: "e2fsprogs"
        case .btrfs: "btrfs-progs"
        case .xfs: "libguestfs-xfs xfsprogs"
        }
    }
}
