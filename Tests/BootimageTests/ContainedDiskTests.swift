import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import HostSystem

/// What is in a container, and which machine that is for.
@Suite(.needs("clang", "ld.lld", "qemu-img", "qemu-system-aarch64", "qemu-system-x86_64"))
struct ContainedDiskTests {
    private static func program(
        for image: String, _ options: [String] = []
    ) async throws -> String {
        let verdict = try await Project.bootimage.succeed(
            ["run", image, "--headless", "--dry-run"] + options)
        let program = verdict.output.split(separator: " ").first ?? ""
        return program.split(separator: "/").last.map(String.init) ?? verdict.text
    }

    @Test(arguments: FormatTests.containers)
    func `an image for AArch64 in a container runs on that`(
        _ format: ContainerFormat
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SemihostingKernel.build(in: folder)
            // A comma, as QEMU's lists have it.
            let image = folder.appending("a,b.\(format.rawValue)").string
            try await Project.bootimage.succeed([
                "build", kernel.string, "--format", format.rawValue, "-o", image,
            ])
            #expect(try await Self.program(for: image) == "qemu-system-aarch64")
        }
    }

    @Test func `one for x86-64 does so on its own machine alone`() async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("disk").string
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "uefi", "--format", "qcow2", "-o", image,
            ])
            #expect(try await Self.program(for: image) == "qemu-system-x86_64")
            try await Project.bootimage.run(["run", image, "--dry-run", "--machine", "virt"])
                .expectRefusal(64, saying: "--machine virt runs AArch64", "use --machine q35")
        }
    }

    @Test func `one for both runs on the machine that is named`() async throws {
        try await withKernel { folder, kernel in
            let other = try await SemihostingKernel.build(in: folder)
            let image = folder.appending("disk").string
            try await Project.bootimage.succeed([
                "build", kernel.string, other.string, "--firmware", "uefi", "--format", "vhdx",
                "-o", image,
            ])
            #expect(try await Self.program(for: image) == "qemu-system-x86_64")
            let named = try await Self.program(for: image, ["--machine", "virt"])
            #expect(named == "qemu-system-aarch64")
        }
    }

    /// From its first bytes alone, nobody knows what it is for.
    @Test(arguments: [("info", 1), ("convert", 1), ("info", 0)])
    func `a disk that cannot be read is told`(_ word: String, _ status: Int) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SemihostingKernel.build(in: folder)
            let image = folder.appending("disk").string
            // The backup GPT is in another piece than all else.
            try await Project.bootimage.succeed([
                "build", kernel.string, "--format", "vdi", "-o", image,
            ])
            let real = try await Tool(name: "sh")("-c", "command -v qemu-img").output
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let programs = try makeFolder(folder.appending("bin"))
            let program = programs.appending("qemu-img").string
            let script = """
                #!/bin/sh
                case "$*" in
                \(word)*offset=0,*) ;;
                \(word)*) echo broken >&2; exit \(status) ;;
                esac
                exec \(real) "$@"

                """
            try write(script.utf8, to: FilePath(program))
            try await Tool(name: "chmod").succeed(["+x", program])
            let verdict = try await Project.bootimage.run(
                ["run", image, "--dry-run"],
                environment: ["PATH": "\(programs):/usr/local/bin:/usr/bin:/bin"])
            #expect(verdict.exitCode == 74, "\(verdict.text)")
            #expect(verdict.says(status == 0 ? "does not report its disk's size" : "broken"))
        }
    }

    @Test func `a disk is read in pieces, each once while it is at hand`() throws {
        let bytes = (0..<(5 << 19) + 512).map { UInt8(truncatingIfNeeded: $0 >> 8 ^ $0) }
        var offsets: [UInt64] = []
        let disk = ContainedDisk(byteCount: ByteCount(UInt64(bytes.count))) { count, offset in
            offsets.append(offset)
            return Array(bytes[Int(offset)...].prefix(count))
        }
        let middle = 2 << 20
        let ranges = [
            0..<1, 1..<513, middle - 1..<middle + 1, bytes.count - 7..<bytes.count, 100..<100,
            0..<bytes.count,
        ]
        for range in ranges {
            let read = try disk.read(range.count, at: UInt64(range.lowerBound))
            #expect(read == Array(bytes[range]), "\(range)")
        }
        #expect(offsets == [0, UInt64(middle)])
        #expect(throws: DiskReadError.self) { try disk.read(2, at: UInt64(bytes.count) - 1) }
    }

    @Test func `a piece that is not there is an error, at its place`() {
        let disk = ContainedDisk(byteCount: ByteCount(100 << 20)) { _, offset throws(BuildError) in
            if offset == 0 {
                throw .program(.failed("qemu-img", .status(1), output: "a\nb\n"), .signing)
            }
            return []
        }
        #expect(throws: DiskReadError(offset: 0, cause: "a; b")) {
            try disk.read(512, at: 512)
        }
        #expect(throws: DiskReadError.self) { try disk.read(512, at: 50 << 20) }
    }

    @Test func `no more than a few pieces are held`() throws {
        var count = 0
        let disk = ContainedDisk(byteCount: ByteCount(1 << 30)) { length, _ in
            count += 1
            return [UInt8](repeating: 0, count: length)
        }
        for _ in 0..<2 {
            for number in 0..<20 { _ = try disk.read(1, at: UInt64(number) << 21) }
        }
        #expect(count == 40)
    }
}
