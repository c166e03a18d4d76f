import Subprocess
import SystemPackage
import TestSupport
import Testing

/// `bootimage run`, with kernels and with images.
@Suite(.needs("clang", "ld.lld"))
struct RunCommandTests {
    @Test(arguments: ["bios", "uefi"])
    func `an image boots on its firmware, and nothing is written`(
        _ firmware: String
    ) async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            let image = "\(folder)/disk.img"
            try await Project.bootimage.succeed([
                "build", kernel, "--firmware", firmware, "-o", image,
            ])
            let verdict = try await qemu.run(["run", image])
            #expect(verdict.says("file.filename=\(image)\n"), "\(verdict.text)")
            #expect(verdict.says("pflash") == (firmware == "uefi"))
            #expect(try names(in: folder) == ["disk.img", "kernel.elf"])
        }
    }

    @Test(arguments: ["--ramdisk", "--boot-config", "--file"])
    func `an existing image accepts no build options`(_ option: String) async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            try await Project.bootimage.succeed(["build", kernel])
            let image = "\(folder)/bootimage-kernel.bios.img"
            try await qemu.run(["run", image, option, "a=\(kernel)"])
                .expectRefusal(64, saying: option, image)
        }
    }

    @Test func `a kernel with a boot sector's signature in it is a kernel`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            // Between the first two segments: where nothing is.
            var bytes = try await HelloKernel.bytes
            bytes.replaceSubrange(510..<512, with: [0x55, 0xAA])
            try write(bytes, to: FilePath(kernel))
            let verdict = try await qemu.run(["run", kernel])
            #expect(verdict.says("file.filename=\(folder)/bootimage-kernel.bios.img\n"))
        }
    }

    @Test func `a dry run prints one line for a shell, and writes and starts nothing`() async throws
    {
        try await withKernelAndQEMU(ending: "echo started") { folder, kernel, qemu in
            let verdict = try await qemu.run(
                ["run", kernel, "--headless", "--dry-run", "--", "-name", "it's a b"])
            #expect(verdict.exitCode == 0)
            #expect(verdict.lines.count == 1)
            #expect(!verdict.says("started"))
            #expect(try names(in: folder) == ["kernel.elf"])
            let replay = try await Tool(name: "sh")("-c", verdict.output)
            let started = try await qemu.run(
                ["run", kernel, "--headless", "--", "-name", "it's a b"])
            // Only an observer has the descriptors that a run adds.
            #expect(Set(replay.lines).isSubset(of: started.lines), "\(replay.text)")
            #expect(!replay.says("fd=3") && started.says("fd=3"))
            for output in [replay.output, started.output] {
                #expect(output.hasSuffix("\n-name\nit's a b\nstarted\n"))
            }
        }
    }

    /// QEMU 7.2 may sleep on when the timer of an idle guest is due.
    @Test(arguments: ["run", "test"])
    func `QEMU is woken while a guest runs`(_ command: String) async throws {
        let wait = """
            echo '{"event": "RESUME"}' >&3
            while read -r line; do case $line in *query-status*) exit 33;; esac; done <&3
            """
        try await withKernelAndQEMU(ending: wait) { _, kernel, qemu in
            let verdict = try await qemu.run([
                command, kernel, "--firmware", "bios", "--timeout", "60",
            ])
            #expect(verdict.exitCode == (command == "run" ? 33 : 0), "\(verdict.text)")
        }
    }

    @Test func `a kernel's name may start with a dash`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            try write(read(FilePath(kernel)), to: makeFolder(qemu.home).appending("-dash.elf"))
            let image = "bootimage--dash.bios.img"
            for words in [["build", "-q", "--", "-dash.elf"], ["inspect", "--", "-dash.elf"]] {
                let verdict = try await qemu.run(words)
                #expect(verdict.exitCode == 0 && verdict.error == "", "\(verdict.text)")
            }
            for words in [["run", "./-dash.elf"], ["runner", "./-dash.elf"]] {
                let verdict = try await qemu.run(words)
                #expect(verdict.output.contains("\(image)\n"), "\(verdict.text)")
            }
            try write(
                "QFI\u{FB}".unicodeScalars.map { UInt8($0.value) }, to: qemu.home.appending("-d"))
            try await qemu.run(["inspect", "--", "-d"])
                .expectRefusal(65, saying: "-d: is a container", "-O raw ./-d disk.img")
            // A variable may have the path as it is.
            try await Tool(name: "cp").succeed([
                "\(qemu.home)/\(image)", "\(qemu.home)/-image",
            ])
            let verdict = try await qemu.run(
                ["run"],
                environment: [
                    "BOOTIMAGE_KERNEL": "-image", "BOOTIMAGE_BUILD_COMMAND": "/bin/true",
                    "BOOTIMAGE_RUN_COMMAND": "/bin/echo {}", "PATH": "/usr/bin:/bin",
                ])
            #expect(verdict.output == "./-image\n", "\(verdict.text)")
        }
    }

    @Test func `firmware descriptors are used in order of file names`() async throws {
        try await withKernelAndQEMU { _, kernel, qemu in
            try qemu.describeFirmware("00-a.json", code: "/f/first.fd")
            try qemu.describeFirmware("99.json", code: "/f/last.fd")
            let verdict = try await qemu.run(["run", kernel, "--firmware", "uefi"])
            #expect(verdict.says("file.filename=/f/first.fd\n"), "\(verdict.text)")
        }
    }

    @Test func `a user's empty descriptor hides the machine's`() async throws {
        try await withKernelAndQEMU { _, kernel, qemu in
            let folders: [FilePath] = ["/etc/qemu/firmware", "/usr/share/qemu/firmware"]
            let hidden = folders.flatMap { (try? names(in: $0)) ?? [] } + ["00-test.json"]
            for name in hidden { try write([], to: qemu.firmwareFolder.appending(name)) }
            try await qemu.run(["run", kernel, "--firmware", "uefi"])
                .expectRefusal(69, saying: qemu.firmwareFolder.string, "apt install ovmf")
        }
    }

    @Test func `a file that is not a descriptor is skipped with a warning`() async throws {
        try await withKernelAndQEMU { _, kernel, qemu in
            let path = qemu.firmwareFolder.appending("00-a.json")
            try write("{}".utf8, to: path)
            let verdict = try await qemu.run(["run", kernel, "--firmware", "uefi"])
            #expect(verdict.exitCode == 0)
            #expect(
                verdict.error == "bootimage: warning: \(path): not a firmware descriptor; skipped\n"
            )
        }
    }
}
