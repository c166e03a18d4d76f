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
        (["--volume-label", "small"], 64, "1 to 11 capitals"),
        (["--directory", "a=/nowhere"], 66, "/nowhere: is not a readable folder"),
        (["--directory", "/"], 64, "DESTINATION=SOURCE"),
    ])
    func `a bad size, label or folder is refused with what is allowed`(
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

    @Test(.needs("guestfish", "e2fsck", "xfs_repair", "btrfs"))
    func `libguestfs makes and fills other file systems, in one virtual machine`() async throws {
        try await withKernel { folder, kernel in
            try Self.makeTree(in: folder)
            let checks: [(PartitionRequest.FileSystem, [String])] = [
                (.ext4, ["e2fsck", "-f", "-n"]), (.ext2, ["e2fsck", "-f", "-n"]),
                (.xfs, ["xfs_repair", "-n"]), (.btrfs, ["btrfs", "check"]),
            ]
            let sections = checks.map { kind, _ in
                """
                [[partition]]
                name = "root"
                size = "33MiB"
                file-system = "\(kind.rawValue)"
                source = "tree"
                """
            }
            let verdict = try await Self.build(sections.joined(separator: "\n"), in: folder, kernel)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            let steps = ["starting its virtual machine\n", ": formatting\n", ": done in "]
            #expect(steps.map { verdict.error.split(separator: $0).count - 1 } == [1, 4, 4])
            let image = folder.appending("image")
            var words: [String] = []
            for (partition, (kind, check)) in zip(try Self.partitions(of: image)[2...], checks) {
                let file = folder.appending(kind.rawValue).string
                let (start, end) = (partition.first.value >> 11, (partition.last.value + 1) >> 11)
                try await Tool(name: "dd").succeed([
                    "if=\(image)", "of=\(file)", "bs=1M", "skip=\(start)", "count=\(end - start)",
                    "status=none",
                ])
                let checked = try await Tool(name: check[0]).run(check.dropFirst() + [file])
                #expect(checked.exitCode == 0, "\(checked.text)")
                words += ["add-drive", file, "readonly:true", "format:raw", ":"]
            }
            words.append("run")
            for device in ["/dev/sda", "/dev/sdb", "/dev/sdc", "/dev/sdd"] {
                words += [
                    ":", "mount-ro", device, "/", ":", "cat", "/a file.txt", ":", "readlink",
                    "/link", ":", "vfs-label", device, ":", "checksum", "crc", "/deep/b", ":",
                    "umount", "/",
                ]
            }
            let guestfish = try await Tool(name: "guestfish").run(
                words,
                environment: [
                    "LIBGUESTFS_BACKEND": "direct", "LIBGUESTFS_BACKEND_SETTINGS": "force_tcg",
                ])
            var checksum = POSIXChecksum()
            checksum.take([UInt8](repeating: 0xA5, count: 100_001))
            let lines = guestfish.lines.filter { !$0.isEmpty }
            let expected = ["first", "deep", "root", "\(checksum.value)"]
            #expect(lines == (0..<4).flatMap { _ in expected[...].map { $0[...] } })
        }
    }

    @Test func `a folder that does not fit is named, and nothing is written`() async throws {
        try await withKernel { folder, kernel in
            for number in 0..<9000 { _ = try makeFolder(folder.appending("tree/\(number)")) }
            let verdict = try await Self.build(
                """
                [[partition]]
                name = "root"
                size = "4MiB"
                file-system = "ext4"
                source = "tree"
                """, in: folder, kernel)
            #expect(verdict.exitCode == 65, "\(verdict.text)")
            let start = "bootimage: partition “root” (ext4, 4MiB): the contents of "
            #expect(verdict.lines.last?.hasPrefix(start) == true, "\(verdict.text)")
            #expect(verdict.error.hasSuffix("; set a larger size\n"), "\(verdict.text)")
            #expect(!FileManager.default.fileExists(atPath: folder.appending("image").string))
        }
    }

    @Test func `a virtual machine that does not start is reported with its last words`()
        async throws
    {
        try await withKernel { folder, kernel in
            let settings = folder.appending("bootimage.toml")
            let text = """
                [[partition]]
                name = "root"
                size = "33MiB"
                file-system = "ext4"
                """
            try write(text.utf8, to: settings)
            let verdict = try await Project.bootimage.run(
                [
                    "build", kernel.string, "--firmware", "uefi", "--config", settings.string, "-o",
                    folder.appending("image").string,
                ], environment: ["LIBGUESTFS_HV": "/bin/false"])
            #expect(verdict.exitCode == 69, "\(verdict.text)")
            #expect(verdict.error.contains("did not start: /bin/false exited"), "\(verdict.text)")
        }
    }

    @Test func `a dry run starts no virtual machine`() async throws {
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
            #expect(!FileManager.default.fileExists(atPath: folder.appending("image").string))
        }
    }
}
