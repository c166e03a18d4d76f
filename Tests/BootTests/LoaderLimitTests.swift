import DiskImage
import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels that `build` refuses, in images of another builder: the loader refuses them with a line
/// instead of hanging, and does after its own faults what boot.json says.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64"))
struct LoaderLimitTests {
    /// An ELF file under change.
    private struct Kernel {
        var bytes: [UInt8]

        /// Replaces the program headers by a copy at the file's end, with more of them.
        mutating func add(_ headers: [[UInt64]]) {
            let count = Int(bytes[56]) | Int(bytes[57]) << 8
            var table = Array(bytes[64..<64 + count * 56])
            for header in headers { table += header.flatMap(Self.encode) }
            while !bytes.count.isMultiple(of: 8) { bytes.append(0) }
            bytes.replaceSubrange(32..<40, with: Self.encode(UInt64(bytes.count)))
            let newCount = count + headers.count
            bytes[56...57] = [UInt8(newCount & 0xFF), UInt8(newCount >> 8)]
            bytes += table
        }

        /// Makes no segment executable.
        mutating func removeCode() {
            for index in 0..<Int(bytes[56]) { bytes[64 + index * 56 + 4] &= ~1 }
        }

        /// Sets the stack's size in `.bootloader-config`.
        mutating func setStack(_ byteCount: UInt64) throws {
            let identifier: [UInt8] = [0x74, 0x3C, 0xA9, 0x61, 0x09, 0x36, 0x46, 0xA0]
            let section = try #require(Data(bytes).range(of: Data(identifier))).lowerBound
            bytes.replaceSubrange(section + 23..<section + 31, with: Self.encode(byteCount))
        }

        private static func encode(_ number: UInt64) -> [UInt8] {
            (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
    }

    /// The eight-byte words of a program header without bytes in the file.
    private static func header(
        type: UInt64, at address: UInt64, memory byteCount: UInt64
    ) -> [UInt64] {
        let writable: UInt64 = 6 << 32
        return [type | writable, 0, address, address, 0, byteCount, 1]
    }

    static let memory = "memory: no free run of this many bytes: "

    @Test(
        arguments: [
            ("a stack of 2^64 - 1 bytes", memory), ("a stack of 1 TiB", memory),
            ("a segment of 64 TiB", memory),
            ("241 segments", "kernel: too many segments: "),
            ("60,000 segments on one page", "kernel: too many segments: "),
            ("RELRO of 64 TiB", "kernel: RELRO outside its segments: 0x"),
            ("a Limine kernel of nearly 2^64 bytes", "kernel: too large for its addresses: "),
            (
                "a Limine kernel without code",
                "kernel: entry point is not in an executable segment: 0x"
            ),
        ], Firmware.allCases)
    func `the loader refuses it with a line`(
        _ kernel: (name: String, message: String), _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let sample = try await
                (kernel.name.contains("Limine")
                ? SampleKernel(source: "limine.c", shape: .positionIndependent)
                : SampleKernel(
                    source: "contract.c", shape: .oneMebibyte, definitions: ["CONFIGURED"]))
                .build(in: folder)
            let data = try Data(contentsOf: URL(filePath: sample.string))
            var file = Kernel(bytes: [UInt8](data))
            let (far, relro): (UInt64, UInt64) = (1 << 32, 0x6474_E552)
            switch kernel.name {
            case "a stack of 2^64 - 1 bytes": try file.setStack(.max)
            case "a stack of 1 TiB": try file.setStack(1 << 40)
            case "a segment of 64 TiB":
                file.add([Self.header(type: 1, at: far, memory: 1 << 46)])
            case "241 segments":
                file.add((0..<241).map { Self.header(type: 1, at: far + $0 << 13, memory: 1) })
            case "60,000 segments on one page":
                file.add((0..<60_000).map { _ in Self.header(type: 1, at: far, memory: 1) })
            case "RELRO of 64 TiB":
                file.add([Self.header(type: relro, at: 1 << 20, memory: 1 << 46)])
            case "a Limine kernel without code": file.removeCode()
            default: file.add([Self.header(type: 1, at: 0 &- 0x2000, memory: 0xFFF)])
            }
            let image = folder.appending("image")
            try ImageWriter().write(
                RefusalTests.layout(kernel: file.bytes, for: firmware), to: image)
            try await Machine.running(image, on: firmware, folder: folder) { machine in
                try await machine.poll(seconds: 100) {
                    machine.serial.contains("bootimage: \(kernel.message)")
                }
            }
        }
    }

    @Test(arguments: Firmware.allCases)
    func `after an exception in the loader, on_failure applies`(
        _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "hello.S", shape: .oneMebibyte)
                .build(in: folder)
            let settings = folder.appending("boot.json").string
            try Data(#"{"wait_for_debugger": true, "on_failure": "reboot"}"#.utf8)
                .write(to: URL(filePath: settings))
            let image = folder.appending("image")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", firmware.rawValue, "-o", image.string,
                "--boot-config", settings,
            ])
            try await Machine.running(image, on: firmware, folder: folder) { machine in
                let wait = "bootimage: waiting for a debugger"
                try await machine.poll { machine.serial.contains(wait) }
                try await machine.injectNMI()
                try await machine.poll { machine.serial.components(separatedBy: wait).count > 2 }
                #expect(machine.serial.contains("bootimage: the loader failed: exception 0x2"))
            }
        }
    }
}
