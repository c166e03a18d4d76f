import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

/// What the loader says when it cannot start the kernel: on the serial line and on the screen,
/// naming file, rule and number.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64"))
struct RefusalTests {
    /// One way to spoil a BIOS image, and the line that the loader prints.
    struct Damage: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var offset: Int
        var bytes: [UInt8]
        var message: String
    }

    private static let header = 1 << 20
    private static let kernel = header + 4096
    /// The linker's second program header; the first is PT_PHDR.
    private static let firstLoad = kernel + 64 + 56

    static let damages = [
        Damage(
            testDescription: "a payload header elsewhere", offset: 416, bytes: [1, 0],
            message: "bootimage: payload: not a bootimage payload: 0x"),
        Damage(
            testDescription: "sectors of 1,000 bytes", offset: 412, bytes: [0xE8, 0x03],
            message: "bootimage: payload: not a multiple of the drive's sector size: 0x100000"),
        Damage(
            testDescription: "another payload", offset: header, bytes: Array("NOTABOOT".utf8),
            message: "bootimage: payload: not a bootimage payload: 0x544f4f4241544f4e"),
        Damage(
            testDescription: "a payload header of another version", offset: header + 8, bytes: [9],
            message: "bootimage: payload: unknown version: 0x9, allowed 0x2"),
        Damage(
            testDescription: "a flipped bit in the payload header", offset: header + 48, bytes: [1],
            message: "bootimage: payload: wrong header checksum: 0x"),
        Damage(
            testDescription: "a kernel that is not ELF", offset: kernel, bytes: [0],
            message: "bootimage: kernel: not an ELF file: 0x464c4500, allowed 0x464c457f"),
        Damage(
            testDescription: "a 32-bit kernel", offset: kernel + 4, bytes: [1],
            message: "bootimage: kernel: not 64-bit, little-endian: 0x101, allowed 0x102"),
        Damage(
            testDescription: "a kernel for another machine", offset: kernel + 18, bytes: [0xB7],
            message: "bootimage: kernel: not for x86-64: 0xb7, allowed 0x3e"),
        Damage(
            testDescription: "an entry point in the void", offset: kernel + 24,
            bytes: [0, 0, 0x7F],
            message: "bootimage: kernel: entry point is not in an executable segment: 0x"),
        Damage(
            testDescription: "program headers beyond the file", offset: kernel + 36,
            bytes: [0xFF, 0xFF],
            message: "bootimage: kernel: a range reaches beyond the file's end: 0x"),
        Damage(
            testDescription: "a segment with an address that is not canonical",
            offset: firstLoad + 16, bytes: [0, 0, 0, 0, 0, 0x80, 0, 0],
            message: "bootimage: kernel: segment's address is not canonical: 0x800000000000"),
        Damage(
            testDescription: "a segment with more bytes in the file than in memory",
            offset: firstLoad + 40, bytes: [1, 0, 0, 0, 0, 0, 0, 0],
            message: "bootimage: kernel: segment has more bytes in the file than in memory: "),
    ]

    @Test(arguments: damages)
    func `the BIOS loader names the fault`(_ damage: Damage) async throws {
        try await withTemporaryFolder { folder in
            let image = try await Self.image(for: .bios, in: folder)
            let file = try FileHandle(forWritingTo: URL(filePath: image.string))
            try file.seek(toOffset: UInt64(damage.offset))
            try file.write(contentsOf: damage.bytes)
            try file.close()
            try await Machine.running(image, on: .bios, folder: folder) { machine in
                try await machine.poll { machine.serial.contains(damage.message) }
                try await machine.poll {
                    try await machine.screenText().contains(damage.message)
                }
            }
        }
    }

    /// Versions that the builder would refuse: what the section says, and what the loader says.
    @Test(
        arguments: [
            (12, 133, "unsupported version of bootloader_api: 0.12.16, allowed 0.11.16\n"),
            (11, 124, "version of bootloader_api without kernel_base: 0.11.16, allowed 0.11.11\n"),
            (11, 132, "wrong length: 132, allowed 133\n"),
        ])
    func `the loader names both versions of the boot contract`(
        _ minor: UInt8, _ byteCount: UInt8, _ message: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: .higherHalf, definitions: ["CONFIGURED"]
            ).build(in: folder)
            var bytes = try Data(contentsOf: URL(filePath: kernel.string))
            let identifier = Data([0x74, 0x3C, 0xA9, 0x61, 0x09, 0x36, 0x46, 0xA0])
            let section = try #require(bytes.range(of: identifier)).lowerBound
            bytes[section + 18] = minor
            // The section header's offset and size stand side by side.
            let place = withUnsafeBytes(of: (UInt64(section).littleEndian, UInt64(133))) {
                Data($0)
            }
            let header = try #require(bytes.range(of: place))
            bytes[header.lowerBound + 8] = byteCount
            let image = folder.appending("image")
            try ImageWriter().write(Self.layout(kernel: Array(bytes), for: .bios), to: image)
            try await Machine.running(image, on: .bios, folder: folder) { machine in
                try await machine.poll {
                    machine.serial.contains(
                        "bootimage: kernel's .bootloader-config: \(message)")
                }
            }
        }
    }

    @Test func `the BIOS loader says when there is not enough memory`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "hello.S", shape: .higherHalf)
                .build(in: folder)
            let ramdisk = folder.appending("ramdisk")
            try Data(count: 64 << 20).write(to: URL(filePath: ramdisk.string))
            let image = folder.appending("image")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--ramdisk", ramdisk.string, "--firmware", "bios",
                "--output", image.string,
            ])
            try await Machine.running(
                image, on: .bios, folder: folder, qemu: ["-m", "32M"]
            ) { machine in
                try await machine.poll {
                    machine.serial.contains("bootimage: memory: no free run of this many bytes")
                }
            }
        }
    }

    @Test(arguments: Firmware.allCases)
    func `a processor exception in the loader becomes a message`(
        _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            // A loader that has refused its kernel halts, with interrupts off.
            let image = try await Self.imageOfNoKernel(for: firmware, in: folder)
            try await Machine.running(image, on: firmware, folder: folder) { machine in
                try await machine.poll { machine.serial.contains("bootimage: kernel: ") }
                try await machine.injectNMI()
                try await machine.poll {
                    machine.serial.contains(
                        "bootimage: the loader failed: exception 0x2, error code 0x0, at 0x")
                }
            }
        }
    }

    @Test func `the UEFI loader says that the kernel is missing`() async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("image")
            try ImageWriter().write(Self.layout(kernel: nil, for: .uefi), to: image)
            try await Machine.running(image, on: .uefi, folder: folder) { machine in
                try await machine.poll {
                    machine.serial.contains("bootimage: kernel: not in the image\n")
                }
            }
        }
    }

    @Test(arguments: Firmware.allCases)
    func `the loader says that the kernel is no ELF file`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let image = try await Self.imageOfNoKernel(for: firmware, in: folder)
            let message = "bootimage: kernel: shorter than an ELF header: 9, allowed 64\n"
            try await Machine.running(image, on: firmware, folder: folder) { machine in
                try await machine.poll { machine.serial.contains(message) }
            }
        }
    }

    private static func imageOfNoKernel(
        for firmware: Firmware, in folder: FilePath
    ) async throws -> FilePath {
        let image = folder.appending("image")
        let layout = try layout(kernel: Array("no kernel".utf8), for: firmware)
        try ImageWriter().write(layout, to: image)
        return image
    }

    /// An image that the builder would refuse to make.
    static func layout(
        kernel: [UInt8]?, for firmware: Firmware, processor: SampleKernel.Processor = .x86
    ) throws -> ImageLayout {
        let identity = ImageIdentity(1, 2)
        let content = kernel.map(Content.bytes)
        switch firmware {
        case .bios:
            let items = content.map { [PayloadItem(kind: .kernel, content: $0)] } ?? []
            return try BIOSImage(
                loader: prebuilt("bios.bin"), payload: items, identity: identity
            ).layOut()
        case .uefi:
            let name = processor == .arm ? "BOOTAA64.EFI" : "BOOTX64.EFI"
            let loader = EFIImage.File(
                path: "EFI/BOOT/\(name)", content: .bytes(try prebuilt(name)))
            let path = "kernel-\(processor == .arm ? "aarch64" : "x86_64")"
            let files = content.map { [EFIImage.File(path: path, content: $0)] } ?? []
            return try EFIImage(files: [loader] + files, identity: identity).layOut()
        }
    }

    private static func prebuilt(_ name: String) throws -> [UInt8] {
        let path = Project.root.appending("Bootloader/Prebuilt").appending(name)
        return [UInt8](try Data(contentsOf: URL(filePath: path.string)))
    }

    private static func image(
        for firmware: Firmware, in folder: FilePath
    ) async throws -> FilePath {
        let kernel = try await SampleKernel(source: "hello.S", shape: .higherHalf)
            .build(in: folder)
        let image = folder.appending("image")
        try await Project.bootimage.succeed([
            "build", kernel.string, "--firmware", firmware.rawValue, "--output", image.string,
        ])
        return image
    }
}
