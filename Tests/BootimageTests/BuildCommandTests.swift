import Subprocess
import SystemPackage
import TestSupport
import Testing

private let images = ["bootimage-kernel.bios.img", "bootimage-kernel.uefi.img"]

/// `bootimage build` as a person runs it, with a kernel that boots.
@Suite(.needs("clang", "ld.lld"))
struct BuildCommandTests {
    @Test func `both images are written, and their paths printed`() async throws {
        try await withKernel { folder, kernel in
            let verdict = try await Project.bootimage("build", kernel.string)
            let paths = images.map { folder.appending($0).string + "\n" }
            verdict.expectSuccess(printing: paths.joined())
            #expect(try names(in: folder) == images + ["kernel.elf"])
        }
    }

    @Test func `a quiet build prints nothing`() async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage("build", kernel.string, "-q").expectSuccess(printing: "")
            #expect(try names(in: folder) == images + ["kernel.elf"])
        }
    }

    @Test func `a dry run says what would be where, and writes nothing`() async throws {
        try await withKernel { folder, kernel in
            let verdict = try await Project.bootimage("build", kernel.string, "--dry-run")
            verdict.expectSuccess()
            #expect(verdict.says("\(folder)/bootimage-kernel.uefi.img:\n"))
            #expect(verdict.says("EFI/BOOT/BOOTX64.EFI"))
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `an odd kernel gets a warning, and images`() async throws {
        try await withKernel { folder, kernel in
            try write(await HelloKernel.bytesWithWritableCode, to: kernel)
            let verdict = try await Project.bootimage("build", kernel.string)
            #expect(verdict.exitCode == 0)
            #expect(verdict.error.hasPrefix("bootimage: warning: \(kernel): segment"))
            #expect(verdict.error.count { $0 == "\n" } == 1)
            #expect(try names(in: folder).count == 3)
            try await Project.bootimage("build", kernel.string, "--quiet").expectSuccess()
        }
    }

    @Test func `a kernel with a misplaced Multiboot header gets a warning, and images`()
        async throws
    {
        try await withKernel { folder, kernel in
            var bytes = try await HelloKernel.bytes
            let zeroes = [UInt8](repeating: 0, count: 13)
            let offset = try #require(
                stride(from: 0x200, to: 0x1ff0, by: 4).first {
                    bytes.dropFirst($0).starts(with: zeroes)
                })
            // Not aligned, so that no loader finds it.
            let header: [UInt8] = [0, 0x02, 0xb0, 0xad, 0x1b, 0, 0, 0, 0, 0xfe, 0x4f, 0x52, 0xe4]
            bytes.replaceSubrange(offset..<offset + 13, with: header)
            try write(bytes, to: kernel)
            let verdict = try await Project.bootimage("build", kernel.string)
            #expect(verdict.exitCode == 0)
            let place =
                "offset 0x\(String(offset + 1, radix: 16)): looks like a Multiboot header, but"
            #expect(verdict.error.hasPrefix("bootimage: warning: \(kernel): \(place)"))
            #expect(try names(in: folder).count == 3)
        }
    }

    @Test(arguments: [
        "a kernel.elf", "a,kernel.elf", "two\nlines.elf", "-k.elf", "%s%n.elf", "kärnel.elf",
        String(repeating: "k", count: 200),
    ])
    func `a kernel may have any name`(_ name: String) async throws {
        try await withKernel(named: name) { folder, _ in
            let verdict = try await Project.bootimage.run(
                ["build", "./\(name)"], workingDirectory: folder)
            let stem = name.hasSuffix(".elf") ? String(name.dropLast(4)) : name
            let images = ["bootimage-\(stem).bios.img", "bootimage-\(stem).uefi.img"]
            verdict.expectSuccess(printing: images.map { "./\($0)\n" }.joined())
            #expect(try names(in: folder) == (images + [name]).sorted())
        }
    }

    @Test func `a reader that goes away does not end the build`() async throws {
        try await withKernel { folder, kernel in
            let script = #"(sleep 0.2; exec "$0" build "$1") | true; exit ${PIPESTATUS[0]}"#
            let verdict = try await Tool(name: "bash")(
                "-c", script, Project.bootimage.name, kernel.string)
            verdict.expectSuccess()
            #expect(try names(in: folder) == images + ["kernel.elf"])
        }
    }

    @Test(.needs("strace")) func `a build starts no process`() async throws {
        try await withKernel { folder, kernel in
            let log = folder.appending("log")
            try await Tool(name: "strace").succeed([
                "-f", "-e", "trace=execve,process", "-o", log.string,
                Project.bootimage.name, "build", kernel.string,
            ])
            let lines = String(decoding: try read(log), as: UTF8.self).split(separator: "\n")
            // Without this line, strace did not follow the build to its end.
            #expect(lines.contains { $0.contains("+++ exited with 0 +++") }, "\(lines)")
            #expect(lines.filter(startsProcess) == [])
        }
    }

    /// Whether a line of strace's log begins a call that makes a process rather than a thread, or
    /// starts a program other than the build itself.
    ///
    /// On a busy machine a call takes two lines; its arguments are on the first.
    private func startsProcess(_ line: Substring) -> Bool {
        switch line.drop(while: { $0.isNumber || $0 == " " }).prefix(while: { $0 != "(" }) {
        case "clone", "clone3": !line.contains("CLONE_THREAD")
        case "fork", "vfork", "execveat": true
        case "execve": !line.contains("execve(\"\(Project.bootimage.name)\", ")
        default: false
        }
    }

    @Test func `a build needs no other program`() async throws {
        try await withKernel { _, kernel in
            try await Project.bootimage("build", kernel.string, environment: ["PATH": "/none"])
                .expectSuccess()
        }
    }
}

/// The same kernel gives the same bytes; another one gives other identifiers.
@Suite(.needs("clang", "ld.lld"))
struct ReproducibleBuildTests {
    @Test func `place, time zone, locale and umask leave no trace`() async throws {
        let first = try await build(umask: "022", ["TZ": "UTC", "LC_ALL": "C"])
        try await Task.sleep(for: .seconds(2.1))  // FAT counts time in pairs of seconds.
        let second = try await build(umask: "077", ["TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8"])
        let areSame = first == second  // Outside #expect, which would print all the bytes.
        #expect(areSame)
    }

    @Test func `another byte in the kernel gives other identifiers`() async throws {
        var kernel = try await HelloKernel.bytes
        let old = try await identifiers(ofImagesWith: kernel)
        let letter = try #require(kernel.firstRange(of: Array("Hello".utf8))?.lowerBound)
        kernel[letter] = UInt8(ascii: "J")
        let new = try await identifiers(ofImagesWith: kernel)
        for (name, bytes) in old {
            #expect(bytes.contains { $0 != 0 }, "\(name)")
            #expect(new[name] != bytes, "\(name)")
        }
    }

    private func build(umask: String, _ environment: [String: String]) async throws -> [[UInt8]] {
        var result: [[UInt8]] = []
        try await withKernel { folder, kernel in
            let settings = environment.map { "\($0.key)=\($0.value)" }
            let script = #"umask "$0"; exec env "$@""#
            try await Tool(name: "sh").succeed(
                ["-c", script, umask] + settings + [Project.bootimage.name, "build", kernel.string])
            result = try images.map { try read(folder.appending($0)) }
        }
        return result
    }

    private func identifiers(
        ofImagesWith kernel: [UInt8]
    ) async throws -> [String: ArraySlice<UInt8>] {
        var result: [String: ArraySlice<UInt8>] = [:]
        try await withTemporaryFolder { folder in
            let path = folder.appending("kernel")
            try write(kernel, to: path)
            try await Project.bootimage.succeed(["build", path.string])
            let (bios, uefi) = (
                try read(folder.appending(images[0])), try read(folder.appending(images[1]))
            )
            let volume = 2048 * 512
            result = [
                "disk signature, BIOS": bios[440..<444], "disk signature, UEFI": uefi[440..<444],
                "disk GUID": uefi[568..<584], "partition GUID": uefi[1040..<1056],
                "volume ID": uefi[volume + 67..<volume + 71],
            ]
        }
        return result
    }
}
