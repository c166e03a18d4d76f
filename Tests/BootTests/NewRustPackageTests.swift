import ELFKit
import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import struct bootimage.NewPackage

/// `bootimage new --language rust`.
struct NewRustPackageTests {
    /// Whether cargo can build for bare metal: the target is installed, and the crates are here.
    private static var canBuild: Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c",
            """
            ls "$(rustc --print sysroot)"/lib/rustlib/x86_64-unknown-none/lib/libcore-*.rlib &&
            cd "${CARGO_HOME:-$HOME/.cargo}"/registry/cache/* &&
            ls bootloader_api-0.11.*.crate limine-0.5.*.crate
            """,
        ]
        (process.standardOutput, process.standardError) = (Pipe(), Pipe())
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test(
        .enabled(if: canBuild, "cargo lacks the target x86_64-unknown-none or the crates"),
        .needs("qemu-system-x86_64", "make"), arguments: ["bootloader", "limine", "multiboot2"])
    func `a new package boots and passes its tests`(_ bootProtocol: String) async throws {
        try await withTemporaryFolder { folder in
            let new = try await Project.bootimage.run(
                ["new", "Demo", "--language", "rust", "--protocol", bootProtocol],
                workingDirectory: folder)
            #expect(new.exitCode == 0 && !new.says("warning"), "\(new.text)")
            for (target, line) in [("run", "Hello from Demo!"), ("test", "2 passed, 0 failed")] {
                let made = try await Tool(name: "make").run(
                    [target, "BOOTIMAGE=\(Project.bootimage.name)", "ARGS=--headless"],
                    workingDirectory: folder.appending("Demo"))
                #expect(made.exitCode == 0 && made.output.contains(line), "\(made.text)")
            }
        }
    }

    /// As far as it needs neither the crates nor the target.
    @Test(.needs("cargo", "rustc"))
    func `the manifest names both kernels, and their library compiles`() async throws {
        try await withTemporaryFolder { folder in
            let demo = folder.appending("Demo")
            try NewPackage(name: "Demo", language: .rust, dependency: .none).write(to: demo)
            let metadata = try await Tool(name: "cargo").run(
                ["metadata", "--no-deps", "--offline", "--format-version", "1"],
                environment: ["RUSTUP_AUTO_INSTALL": "0"], workingDirectory: demo)
            #expect(metadata.exitCode == 0, "\(metadata.text)")
            for name in ["machine", "Demo", "DemoTests"] {
                #expect(metadata.output.contains("\"name\":\"\(name)\",\"src_path\""))
            }
            let compiled = try await Tool(name: "rustc").run([
                "--edition", "2021", "--crate-type", "lib", "--crate-name", "machine",
                "-C", "panic=abort", "-D", "warnings", "--emit", "metadata",
                "--out-dir", folder.string, demo.appending("src/lib.rs").string,
            ])
            #expect(compiled.exitCode == 0, "\(compiled.text)")
        }
    }

    /// It needs no crates; the host's core library takes the place of the target's.
    @Test(
        .needs("cargo", "clang", "ld.lld", "qemu-system-x86_64"), arguments: Firmware.allCases)
    func `a kernel for Multiboot2 paints the screen, and its tests pass`(
        _ firmware: Firmware
    ) async throws {
        try await withTemporaryFolder { folder in
            let demo = folder.appending("Demo")
            try NewPackage(
                name: "Demo", language: .rust, bootProtocol: .multiboot2, dependency: .none
            ).write(to: demo)
            try await Self.buildWithHostLibrary(demo)
            let built = demo.appending("target/x86_64-unknown-linux-gnu/debug")
            let kernel = built.appending("Demo")
            try await Machine.running(kernel, on: firmware, folder: folder) { machine in
                try await machine.poll { machine.serial.contains("Hello from Demo!") }
                try await machine.poll { try await machine.lastPixel() == [254, 64, 254] }
            }
            let tests = try await Project.bootimage(
                "test", built.appending("DemoTests").string, "--firmware", firmware.rawValue)
            #expect(tests.exitCode == 0 && tests.says("1 test\n"), "\(tests.text)")
        }
    }

    /// Builds as `.cargo/config.toml` says, but for the host's target, which brings no functions
    /// for memory.
    private static func buildWithHostLibrary(_ package: FilePath) async throws {
        let memory = package.appending("memory.o").string
        try await Tool(name: "clang").succeed([
            "--target=x86_64-unknown-none-elf", "-ffreestanding", "-O2", "-mno-sse", "-c",
            Project.root.appending("Sources/KernelRuntime/memory.c").string, "-o", memory,
        ])
        let flags = [
            "linker=ld.lld", "linker-flavor=ld.lld", "code-model=kernel",
            "relocation-model=static", "link-arg=-Tkernel.ld", "link-arg=\(memory)",
            "link-arg=--defsym=rust_eh_personality=0",
        ]
        let built = try await Tool(name: "cargo").run(
            ["build", "--offline", "--target", "x86_64-unknown-linux-gnu"],
            environment: [
                "RUSTUP_AUTO_INSTALL": "0", "CARGO_PROFILE_DEV_PANIC": "abort",
                "RUSTFLAGS": (flags.map { "-C\($0)" } + ["-Dwarnings"]).joined(separator: " "),
            ], workingDirectory: package)
        try #require(built.exitCode == 0, "\(built.text)")
    }

    @Test(
        arguments: [
            (
                "echo no network >&2; exit 101",
                "Demo: cargo fetch failed, see above; run it there again once crates.io"
            ),
            (
                nil,
                "cargo is not on PATH: kernels in Rust cannot be built; install Rust from https://"
            ),
        ] as [(String?, String)])
    func `what is missing is a warning`(_ cargo: String?, _ warning: String) async throws {
        try await withTemporaryFolder { folder in
            let bin = folder.appending("bin")
            try FileManager.default.createDirectory(
                atPath: bin.string, withIntermediateDirectories: false)
            if let cargo {
                let path = bin.appending("cargo").string
                try Data("#!/bin/sh\n\(cargo)\n".utf8).write(to: URL(filePath: path))
                try await Tool(name: "chmod").succeed(["+x", path])
            }
            let new = try await Project.bootimage.run(
                ["new", "Demo", "--language", "rust"], environment: ["PATH": bin.string],
                workingDirectory: folder)
            #expect(new.exitCode == 0 && new.output.hasSuffix("\ncd Demo && make run\n"))
            #expect(new.error.contains("bootimage: warning: \(warning)"), "\(new.text)")
            let manifest = folder.appending("Demo/Cargo.toml").string
            #expect(FileManager.default.fileExists(atPath: manifest))
        }
    }
}
