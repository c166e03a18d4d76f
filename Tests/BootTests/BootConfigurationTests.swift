import Foundation
import SystemPackage
import TestSupport
import Testing

/// boot.json, as the builder checks it and as the loader obeys it.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct BootConfigurationTests {
    @Test(arguments: Firmware.allCases)
    func `the loader tells what it loads, unless it must not`(
        _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.kernel(in: folder)
            let loud = try await boot(kernel, on: firmware)
            loud.expect("bootimage: kernel of ")
            let options = try Self.write(#"{"log_level": "Off"}"#, in: folder)
            let quiet = try await boot(kernel, on: firmware, options: options)
            #expect(!quiet.serial.contains("bootimage: "), "\(quiet.serial)")
            quiet.expectSuccess()
        }
    }

    @Test(arguments: Firmware.allCases)
    func `a failure ends QEMU with the code that boot.json names`(
        _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.kernel(in: folder)
            let ramdisk = folder.appending("ramdisk").string
            try Data(count: 100 << 20).write(to: URL(filePath: ramdisk))
            let options = try Self.write(#"{"on_failure": 21}"#, in: folder)
            let result = try await boot(
                kernel, on: firmware, options: options + ["--ramdisk", ramdisk],
                qemu: ["-m", "96M"])
            result.expect("bootimage: memory: ")
            #expect(result.exitCode == 43, "the guest said:\n\(result.serial)")
        }
    }

    @Test(arguments: Firmware.allCases)
    func `the screen is as large as boot.json asks`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: .higherHalf, definitions: ["CONFIGURED"]
            ).build(in: folder)
            let text = """
                {"frame_buffer": {"minimum_framebuffer_width": 1920,
                                  "minimum_framebuffer_height": 1080}, "log_level": "Debug"}
                """
            let options = try Self.write(text, in: folder)
            let result = try await boot(kernel, on: firmware, options: options)
            result.expect("bootimage: screen of 1920 by 1080\n")
            result.expectSuccess()
        }
    }

    @Test func `a kernel gets a text screen on BIOS if boot.json says so`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: .higherHalf, definitions: ["CONFIGURED", "TEXT_MODE"]
            ).build(in: folder)
            let options = try Self.write(#"{"frame_buffer": {"text_mode": true}}"#, in: folder)
            let result = try await boot(kernel, on: .bios, options: options)
            result.expect("text mode\n")
            result.expectSuccess()
        }
    }

    @Test func `a plain kernel gets a framebuffer on BIOS if boot.json says so`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "contract.c", shape: .higherHalf)
                .build(in: folder)
            let options = try Self.write(#"{"frame_buffer": {"text_mode": false}}"#, in: folder)
            let result = try await boot(kernel, on: .bios, options: options)
            result.expect("framebuffer\n")
            result.expectSuccess()
        }
    }

    @Test(arguments: [("true", true, true), ("false", false, false), (nil, false, true)])
    func `the screen shows of the log what boot.json says`(
        _ value: String?, _ showsProgress: Bool, _ showsFailure: Bool
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.kernel(in: folder)
            let ramdisk = folder.appending("ramdisk").string
            try Data(count: 64 << 20).write(to: URL(filePath: ramdisk))
            let text = value.map { #"{"frame_buffer_logging": \#($0)}"# } ?? "{}"
            let image = folder.appending("image")
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "bios", "-o", image.string]
                    + ["--ramdisk", ramdisk] + Self.write(text, in: folder))
            try await Machine.running(
                image, on: .bios, folder: folder, qemu: ["-m", "32M"]
            ) { machine in
                try await machine.poll { machine.serial.contains("bootimage: memory: ") }
                let screen = try await machine.screenText()
                #expect(screen.contains("bootimage: kernel of ") == showsProgress, "\(screen)")
                try await machine.poll {
                    try await machine.screenText().contains("bootimage: memory: ") == showsFailure
                }
            }
        }
    }

    @Test(arguments: [
        (9_999, "9999 bytes"), (10_000, "10 KiB"), (10_238_976, "9999 KiB"), (10_238_977, "10 MiB"),
    ])
    func `the log has sizes for people`(_ byteCount: Int, _ size: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.kernel(in: folder)
            let ramdisk = folder.appending("ramdisk").string
            try Data(count: byteCount).write(to: URL(filePath: ramdisk))
            let result = try await boot(kernel, on: .bios, options: ["--ramdisk", ramdisk])
            result.expect("bootimage: RAM disk of \(size) at 0x")
            result.expect("bootimage: stack of 80 KiB at 0x")
        }
    }

    /// A file that is refused, and what is said of it.
    static let refusals = [
        (#"{"log_level": "Loud"}"#, "log_level: is “Loud”; it must be Off, Error"),
        (#"{"log_levels": "Info"}"#, "log_levels: unknown key"),
        (#"{"serial_logging": 1}"#, "serial_logging: "),
        (#"{"frame_buffer": {"text_mode": "yes"}}"#, "frame_buffer: text_mode: "),
        (#"{"_test_sentinel": -1}"#, "not valid JSON"),
        (#"{"frame_buffer": {"height": 1}}"#, "frame_buffer: height: unknown key"),
        (#"{"on_failure": "explode"}"#, "on_failure: is “explode”; it must be halt, reboot, 0…255"),
        (#"{"on_failure": 256}"#, "on_failure: must be one of halt, reboot, 0…255"),
        (#"{"log_level": "\u004fff"}"#, "has a backslash"),
        ("{", "not valid JSON"),
        ("[]", "boot.json: "),
    ]

    @Test(arguments: refusals)
    func `the builder refuses`(_ text: String, _ message: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.kernel(in: folder)
            let options = try Self.write(text, in: folder)
            let verdict = try await Project.bootimage.run(["build", kernel.string] + options)
            #expect(verdict.exitCode == 65)
            #expect(verdict.error.contains("boot.json: ") && verdict.error.contains(message))
            #expect(verdict.error.split(separator: "\n").count == 1, "\(verdict.error)")
        }
    }

    private static func kernel(in folder: FilePath) async throws -> FilePath {
        try await SampleKernel(source: "hello.S", shape: .higherHalf).build(in: folder)
    }

    private static func write(_ text: String, in folder: FilePath) throws -> [String] {
        let path = folder.appending("boot.json").string
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return ["--boot-config", path]
    }
}
