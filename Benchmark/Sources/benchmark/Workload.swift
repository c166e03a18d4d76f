import Foundation

/// What is made an image of: a kernel, and maybe a RAM disk.
struct Workload {
    /// What the report calls it.
    let name: String
    let kernel: String
    var ramdisk: String?
    /// How many bytes go into one image.
    let byteCount: Int
    /// How often each command is run.
    let rounds: Int

    /// The files that go into an image.
    var files: [String] { [kernel] + (ramdisk.map { [$0] } ?? []) }
    /// The arguments that name it.
    var arguments: [String] { [kernel] + (ramdisk.map { ["--ramdisk", $0] } ?? []) }
    /// Whether it is one whose cost is that of its bytes.
    var isLarge: Bool { byteCount > 64 << 20 }

    /// Makes the files, of random bytes, in the current folder.
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

    /// An ELF file whose only segment with content is that long.
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

/// Runs a command that is not measured.
func run(_ words: String...) throws {
    _ = try Command(label: words[0], arguments: words).run()
}
