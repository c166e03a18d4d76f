import Foundation
import GuestFSProtocol
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import HostSystem
@testable import bootimage

/// What `bootimage` makes of what its helper for libguestfs reports; the helper is a script.
@Suite(.needs("clang", "ld.lld"))
struct GuestFSHelperTests {
    @Test func `without the helper nothing is written, and the message says how to get it`()
        async throws
    {
        try await withImage { installation, folder, image in
            let remedy = "bootimage-guestfs, which is not installed; build and install it: make "
            try await installation.bootimage("verify", "--guestfs", image.string)
                .expectRefusal(69, saying: "--guestfs needs \(remedy)")
            let verdict = try await build(installation, folder)
            #expect(verdict.exitCode == 69, "\(verdict.text)")
            #expect(verdict.error.contains("“root” (ext4) needs \(remedy)"))
            #expect(!FileManager.default.fileExists(atPath: folder.appending("new.img").string))
            let doctor = try await installation.bootimage("doctor")
            #expect(doctor.says("libguestfs       bootimage-guestfs is not installed: "))
        }
    }

    @Test(arguments: [
        ("libguestfs.so.0: no such file", 127, "bootimage: ", "apt install libguestfs0"),
        ("the request is of another version", 64, "bootimage: ", "make guestfs-helper install"),
        ("out of memory", 3, "ended with status 3: out of memory", ""),
    ])
    func `a helper that cannot work is named with its last words`(
        _ words: String, _ status: Int, _ begin: String, _ remedy: String
    ) async throws {
        try await withImage { installation, _, image in
            try await installation.installHelper("echo '\(words)' >&2; exit \(status)")
            let verdict = try await installation.bootimage("verify", "--guestfs", image.string)
            #expect(verdict.exitCode == 69, "\(verdict.text)")
            for part in [begin, "libexec/bootimage/bootimage-guestfs: ended", words, remedy] {
                #expect(verdict.error.contains(part) || part.isEmpty, "\(verdict.text)")
            }
        }
    }

    @Test func `an event of another version ends the helper`() async throws {
        try await withImage { installation, _, image in
            try await installation.installHelper("echo '{\"other\":{}}'; exec sleep 1000")
            let start = ContinuousClock.now
            let verdict = try await installation.bootimage("verify", "--guestfs", image.string)
            #expect(verdict.exitCode == 69, "\(verdict.text)")
            #expect(verdict.error.contains(#"reported an unknown event: {"other":{}}"#))
            #expect(.now - start < .seconds(500))
        }
    }

    @Test func `differences from what Linux finds are errors`() async throws {
        try await withImage { installation, _, image in
            try await installation.installHelper(
                Self.script([
                    .began(step: .reading, item: 0),
                    .found(file: .init(path: "/kernel-x86_64", byteCount: 2, checksum: 1), item: 0),
                    .found(file: .init(path: "/other", byteCount: 4, checksum: 3), item: 0),
                    .unreadable(
                        error: .call(function: .mount, message: "mount: no idea", errno: 0),
                        item: 0),
                    .done,
                ]))
            let verdict = try await installation.bootimage("verify", "--guestfs", image.string)
            #expect(verdict.exitCode == 65)
            for words in [
                "libguestfs at offset 0x100000: file says “mount: no idea”",
                "/EFI/BOOT/BOOTX64.EFI at offset 0x100000: file unknown to Linux",
                "/kernel-x86_64 at offset 0x100000: file with 2 bytes, cksum 1 in Linux",
                "/other at offset 0x100000: file with 4 bytes, cksum 3 in Linux",
            ] {
                #expect(verdict.says(words), "\(words) in \(verdict.output)")
            }
        }
    }

    @Test func `progress without a terminal is a line for each step`() async throws {
        try await withImage { installation, folder, _ in
            try await installation.installHelper(
                Self.script([
                    .began(step: .starting, item: nil), .progress(done: 12, total: 12),
                    .began(step: .formatting, item: 0), .began(step: .copying, item: 0),
                    .progress(done: 1, total: 9), .progress(done: 9, total: 9),
                    .began(step: .flushing, item: 0), .began(step: .finished, item: 0), .done,
                ]))
            let verdict = try await build(installation, folder)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            #expect(
                verdict.error == """
                    libguestfs: starting its virtual machine
                    partition “root” (ext4, 33MiB): formatting
                    partition “root” (ext4, 33MiB): copying 9 B
                    partition “root” (ext4, 33MiB): done in 0:00

                    """)
            let quiet = try await build(installation, folder, "--quiet")
            #expect(quiet.exitCode == 0 && quiet.text.isEmpty, "\(quiet.text)")
        }
    }

    @Test func `all kernels of a test share what the helper makes`() async throws {
        try await withImage { installation, folder, _ in
            let starts = folder.appending("starts")
            try await installation.installHelper("echo start >>'\(starts)'; echo '{\"done\":{}}'")
            let qemu = try await FakeQEMU(in: folder)
            try write(read(folder.appending("kernel.elf")), to: folder.appending("other.elf"))
            try write(Self.settings.utf8, to: folder.appending("bootimage.toml"))
            let kernels = ["kernel.elf", "other.elf"].map { folder.appending($0).string }
            _ = try await installation.bootimage.run(
                ["test", "--firmware", "uefi", "--jobs", "1"] + kernels,
                environment: [
                    "PATH": qemu.path.string,
                    "XDG_CONFIG_HOME": folder.appending("configuration").string,
                ], workingDirectory: folder)
            #expect(try read(starts) == Array("start\n".utf8))
            let images = try names(in: folder).filter { $0.hasPrefix("bootimage-") }
            #expect(images.filter { $0.hasSuffix(".img") }.count == 2, "\(images)")
        }
    }

    @Test func `a signal ends the helper, and leaves nothing behind`() async throws {
        try await withImage { installation, folder, _ in
            let temporary = try makeFolder(folder.appending("temporary"))
            try await installation.installHelper("kill -INT $PPID; exec sleep 1000")
            let start = ContinuousClock.now
            let verdict = try await build(
                installation, folder, environment: ["TMPDIR": temporary.string])
            #expect(verdict.exitCode == 130, "\(verdict.text)")
            #expect(verdict.error.contains("interrupted by signal 2"), "\(verdict.text)")
            #expect(.now - start < .seconds(500))
            #expect(try names(in: temporary) == [])
        }
    }

    @Test(arguments: [
        (GuestFSError.call(function: .mkfs, message: "mkfs: no", errno: 0), 74, "P: libguestfs: "),
        (.notStarted(message: "launch failed", console: ["a", "qemu: b"]), 69, "start: qemu: b; "),
        (.notStarted(message: "no appliance", console: []), 69, "start: no appliance; "),
        (.unsupported(fileSystem: .xfs), 69, "apt install libguestfs-xfs xfsprogs"),
        (.unsupported(fileSystem: .btrfs), 69, "apt install btrfs-progs"),
        (.full(message: "tar: a/b: no"), 65, "P: the contents of tree do not fit (tar: a/b: no); "),
        (.unreadableSource(path: "a/b", errno: 13), 66, "tree/a/b: cannot be read: Permission"),
        (.changedSource(path: "a"), 74, "tree/a: became shorter"),
        (.imageRemoved(errno: 2), 74, "P: was removed meanwhile: No such file"),
    ])
    func `each failure names its file`(
        _ error: GuestFSError, _ status: Int32, _ words: String
    ) throws {
        let failure = Failure(.guestFS(.failed(error, subject: "P", source: "tree")))
        #expect(failure.status.rawValue == status)
        #expect(failure.message.contains(words), "\(failure.message)")
        let line = try JSONEncoder().encode(GuestFSEvent.failed(error: error, item: 3))
        let event = try JSONDecoder().decode(GuestFSEvent.self, from: line)
        #expect(event == .failed(error: error, item: 3))
    }

    private static let settings = """
        [[partition]]
        name = "root"
        size = "33MiB"
        file-system = "ext4"
        """

    /// A helper that reports these events.
    private static func script(_ events: [GuestFSEvent]) throws -> String {
        try events.map { event in
            "echo '\(String(decoding: try JSONEncoder().encode(event), as: UTF8.self))'"
        }.joined(separator: "\n")
    }

    /// Builds an image with an ext4 partition.
    private func build(
        _ installation: Installation, _ folder: FilePath, _ options: String...,
        environment: [Subprocess.Environment.Key: String] = [:]
    ) async throws -> Tool.Verdict {
        let settings = folder.appending("bootimage.toml")
        try write(Self.settings.utf8, to: settings)
        return try await installation.bootimage.run(
            [
                "build", folder.appending("kernel.elf").string, "--firmware", "uefi", "--config",
                settings.string, "-o", folder.appending("new.img").string,
            ] + options, environment: environment)
    }

    /// An executable without a helper, and an image with an EFI system partition.
    private func withImage(
        _ body: (Installation, _ folder: FilePath, _ image: FilePath) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("disk.img")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "uefi", "--output", image.string,
            ])
            try await body(Installation(in: folder), folder, image)
        }
    }
}
