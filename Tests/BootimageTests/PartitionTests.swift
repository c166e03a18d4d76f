import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import GuestKit

/// Sizes, labels, whole folders, and partitions of the user's own.
@Suite(.needs("clang", "ld.lld"))
struct PartitionTests {
    /// A folder with a file in it, one in a folder, and a link.
    private static func makeTree(in folder: FilePath) throws {
        _ = try makeFolder(folder.appending("tree"))
        _ = try makeFolder(folder.appending("tree/deep"))
        try write("first\n".utf8, to: folder.appending("tree/a file.txt"))
        try write([UInt8](repeating: 0xA5, count: 100_001), to: folder.appending("tree/deep/b"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending("tree/link").string, withDestinationPath: "deep")
    }

    /// Builds with a bootimage.toml of that text.
    private static func build(
        _ settings: String, in folder: FilePath, _ kernel: FilePath, _ options: [String] = []
    ) async throws -> Tool.Verdict {
        let file = folder.appending("bootimage.toml")
        try write(settings.utf8, to: file)
        return try await Project.bootimage.run(
            ["build", kernel.string, "--firmware", "hybrid", "--config", file.string]
                + ["-o", folder.appending("image").string] + options)
    }

    private static func partitions(of image: FilePath) throws -> [DiskPartition] {
        let descriptor = try FileDescriptor.open(image, .readOnly)
        return try descriptor.closeAfter {
            let file = try ImageFile(descriptor)
            return try ImageMap(of: file, Verification(of: file, loaderFiles: [])).partitions
        }
    }

    @Test(.needs("mdir", "mcopy", "blkid"))
    func `folders go into the EFI system partition, which is as long and called as asked`()
        async throws
    {
        try await withKernel { folder, kernel in
            try Self.makeTree(in: folder)
            let (tree, image) = (folder.appending("tree"), folder.appending("image"))
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "hybrid", "-o", image.string,
                "--directory", "/=\(tree)", "--directory", "docs/more=\(tree)",
                "--volume-label", "MY DISK", "--esp-size", "70MiB", "--image-size", "100MiB",
            ])
            let volume = "\(image)@@1M"
            let list = try await Tool(name: "mdir").succeed(["-/", "-b", "-i", volume, "::"])
            let files = Set(list.lines.filter { !$0.hasSuffix("/") }.map(String.init))
            for start in ["::/", "::/docs/more/"] {
                #expect(files.isSuperset(of: [start + "a file.txt", start + "deep/b"]))
                #expect(files.contains(start + "link/b"))
            }
            let blkid = try await Tool(name: "blkid").succeed(["-p", "-O", "1048576", image.string])
            #expect(blkid.says(#"LABEL="MY DISK""#), "\(blkid.text)")
            let partitions = try Self.partitions(of: image)
            #expect(partitions[0].last.value + 1 - partitions[0].first.value == 70 << 11)
            #expect(try image.stat().size == 100 << 20)
        }
    }

    @Test(arguments: [
        (["--esp-size", "200MiB", "--esp-fat", "12"], 65, "(--esp-fat 16 or 32)"),
        (["--esp-size", "64"], 64, "--esp-size"), (["--esp-size", "3TiB"], 65, "2 TiB"),
        (["--image-size", "3TiB"], 65, "2 TiB"), (["--image-size", "1.5GiB"], 64, "--image-size"),
        (["--volume-label", "small"], 65, "1 to 11 capitals"),
        (["--directory", "a=/nowhere"], 66, "/nowhere: is no folder"),
        (["--directory", "/"], 64, "DESTINATION=SOURCE"),
    ])
    func `what cannot be is told with what can`(
        _ options: [String], _ status: Int32, _ words: String
    ) async throws {
        try await withKernel { folder, kernel in
            let verdict = try await Self.build("", in: folder, kernel, options)
            #expect(verdict.exitCode == status, "\(verdict.text)")
            #expect(verdict.error.contains(words), "\(verdict.text)")
            #expect(!FileManager.default.fileExists(atPath: folder.appending("image").string))
        }
    }

    @Test(.needs("sgdisk", "mdir", "fsck.fat"))
    func `partitions without libguestfs`() async throws {
        try await withKernel { folder, kernel in
            try Self.makeTree(in: folder)
            let raw = [UInt8](repeating: 0x5A, count: (1 << 20) + 1)
            try write(raw, to: folder.appending("raw.bin"))
            let verdict = try await Self.build(
                """
                [[partition]]
                name = "shared"
                type = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
                size = "40MiB"
                file-system = "fat32"
                source = "tree"
                [[partition]]
                name = "swap"
                type = "swap"
                size = "1500KiB"
                [[partition]]
                name = "blob"
                source = "raw.bin"
                """, in: folder, kernel)
            #expect(verdict.exitCode == 0 && verdict.error.isEmpty, "\(verdict.text)")
            let image = folder.appending("image")
            let sgdisk = try await Tool(name: "sgdisk")("-v", image.string)
            #expect(sgdisk.says("No problems found"), "\(sgdisk.text)")
            try await Project.bootimage.succeed(["verify", image.string])
            let partitions = try Self.partitions(of: image)
            #expect(partitions.map(\.name).suffix(3) == ["shared", "swap", "blob"])
            let sizes = partitions.map { Int($0.last.value + 1 - $0.first.value) >> 11 }
            #expect(sizes.suffix(3) == [40, 2, 2])
            let blob = Int(partitions[4].first.value) * 512
            #expect(Array(try read(image)[blob..<blob + raw.count]) == raw)
            let shared = Int(partitions[2].first.value) * 512
            let list = try await Tool(name: "mdir").succeed([
                "-/", "-b", "-i", "\(image)@@\(shared)", "::",
            ])
            #expect(list.says("::/a file.txt") && list.says("::/deep/b"), "\(list.text)")
        }
    }

    @Test(
        .needs("guestfish", "e2fsck", "debugfs", "xfs_repair", "btrfs"),
        arguments: [
            (PartitionRequest.FileSystem.ext4, ["e2fsck", "-f", "-n"]),
            (.ext2, ["e2fsck", "-f", "-n"]), (.xfs, ["xfs_repair", "-n"]),
            (.btrfs, ["btrfs", "check"]),
        ])
    func `other file systems are made and filled by libguestfs`(
        _ kind: PartitionRequest.FileSystem, _ check: [String]
    ) async throws {
        try await withKernel { folder, kernel in
            try Self.makeTree(in: folder)
            let verdict = try await Self.build(
                """
                [[partition]]
                name = "root"
                size = "33MiB"
                file-system = "\(kind.rawValue)"
                source = "tree"
                """, in: folder, kernel)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            #expect(verdict.error.contains("partition “root”: filling it"), "\(verdict.text)")
            let image = folder.appending("image")
            let partition = try Self.partitions(of: image)[2]
            let file = folder.appending("partition").string
            try await Tool(name: "dd").succeed([
                "if=\(image)", "of=\(file)", "bs=1M", "skip=\(partition.first.value >> 11)",
                "count=\((partition.last.value + 1 - partition.first.value) >> 11)", "status=none",
            ])
            let checked = try await Tool(name: check[0]).run(check.dropFirst() + [file])
            #expect(checked.exitCode == 0, "\(checked.text)")
            let guestfish = try await Tool(name: "guestfish")(
                "--ro", "--format=raw", "-a", file, "-m", "/dev/sda", "cat", "/a file.txt", ":",
                "readlink", "/link", ":", "vfs-label", "/dev/sda", ":", "filesize", "/deep/b",
                environment: [
                    "LIBGUESTFS_BACKEND": "direct", "LIBGUESTFS_BACKEND_SETTINGS": "force_tcg",
                ])
            let lines = guestfish.lines.filter { !$0.isEmpty }
            #expect(lines == ["first", "deep", "root", "100001"], "\(guestfish.text)")
        }
    }

    @Test func `a dry run starts no Linux, and without guestfish nothing is written`() async throws
    {
        try await withKernel { folder, kernel in
            try Self.makeTree(in: folder)
            let settings = """
                [[partition]]
                name = "root"
                size = "33MiB"
                file-system = "ext4"
                source = "tree"
                """
            let shown = try await Self.build(settings, in: folder, kernel, ["--dry-run"])
            #expect(shown.exitCode == 0 && shown.error.isEmpty, "\(shown.text)")
            let file = folder.appending("bootimage.toml").string
            let verdict = try await Tool(name: "env").run([
                "-i", "PATH=/nowhere", Project.bootimage.name, "build", kernel.string,
                "--firmware", "uefi", "--config", file, "-o", folder.appending("image").string,
            ])
            #expect(verdict.exitCode == 69, "\(verdict.text)")
            #expect(verdict.error.contains("apt install libguestfs-tools"), "\(verdict.text)")
            #expect(!FileManager.default.fileExists(atPath: folder.appending("image").string))
        }
    }
}
