import Foundation

/// The content of an image: a kernel, and optionally a RAM disk.
struct Workload {
    /// The name in the report.
    let name: String
    let kernel: String
    var ramdisk: String?
    /// The number of bytes in one image.
    let byteCount: Int
    /// The number of runs of each command.
    let rounds: Int

    /// The files that go into an image.
    var files: [String] { [kernel] + (ramdisk.map { [$0] } ?? []) }
    /// The arguments for `bootimage build`.
    var arguments: [String] { [kernel] + (ramdisk.map { ["--ramdisk", $0] } ?? []) }
    /// Whether its bytes dominate the cost.
    var isLarge: Bool { byteCount > 64 << 20 }

    /// Creates the files with random bytes in the current folder.
    static func all(isShort: Bool) throws -> [Self] {
        let mebibyte = 1 << 20
        let small = try makeKernel("256K", byteCount: 256 << 10)
        let medium = try makeKernel("8M", byteCount: 8 * mebibyte)
        var workloads = [
            Self(name: "256 KiB kernel", kernel: small, byteCount: 256 << 10, rounds: 41),
            Self(name: "8 MiB kernel", kernel: medium, byteCount: 8 * mebibyte, rounds: 21),
        ]
        let sizes = isShort ? [256] : [256, 1024]
        for size in sizes {
            let ramdisk = "ramdisk.\(size)M"
            try makeRandomFile(ramdisk, byteCount: size * mebibyte)
            workloads.append(
                Self(
                    name: size == 1024 ? "8 MiB + 1 GiB" : "8 MiB + \(size) MiB", kernel: medium,
                    ramdisk: ramdisk, byteCount: (8 + size) * mebibyte, rounds: 7))
        }
        return workloads
    }

    /// An ELF file with one segment of that size.
    static func makeKernel(_ name: String, byteCount: Int) throws -> String {
        try makeRandomFile("payload", byteCount: byteCount)
        try """
        .globl _start
        _start: hlt
        jmp _start
        .section .rodata
        .incbin "payload"

        """.write(toFile: "kernel.S", atomically: true, encoding: .utf8)
        try run(
            "clang", "--target=x86_64-unknown-none-elf", "-c", "kernel.S", "-o", "kernel.o")
        let path = "kernel.\(name).elf"
        try run(
            "ld.lld", "-m", "elf_x86_64", "-static", "--image-base=0x100000", "kernel.o", "-o", path
        )
        return path
    }

    private static func makeRandomFile(_ path: String, byteCount: Int) throws {
        try run("sh", "-c", "head -c \(byteCount) /dev/urandom >\(path)")
    }
}

/// Runs a command without measuring it.
func run(_ words: String...) throws {
    _ = try Command(label: words[0], arguments: words).run()
}
