import Foundation
import SystemPackage
import TestSupport
import Testing

/// File systems on which an image shares a RAM disk's blocks instead of copying them.
@Suite(
    .serialized, .needs("clang", "ld.lld", "mkfs.xfs", "mkfs.btrfs", "mount"), .needsLoopDevices)
struct BlockSharingTests {
    private static let mebibyte = 1 << 20
    /// Not a whole number of blocks.
    private static let ramdiskByteCount = 32 * mebibyte + 100

    @Test(arguments: ["xfs", "btrfs"])
    func `images share the blocks of the RAM disk`(type: String) async throws {
        try await withFileSystem(type) { kernel, outside, inside in
            let ramdisk = inside.appending("ramdisk")
            try FileManager.default.copyItem(
                atPath: outside.appending("ramdisk").string, toPath: ramdisk.string)
            let used = try await usedByteCount(of: inside)
            try await build(kernel, ramdisk, into: inside)
            let more = try await usedByteCount(of: inside) - used
            #expect(more < 8 * Self.mebibyte, "\(more) bytes more for two RAM disks")
            try expectSameImages(in: outside, and: inside)
        }
    }

    /// What is written to the RAM disk later is none of the image's business.
    @Test func `an image keeps what it shares`() async throws {
        try await withFileSystem("xfs") { kernel, outside, inside in
            let ramdisk = inside.appending("ramdisk")
            try FileManager.default.copyItem(
                atPath: outside.appending("ramdisk").string, toPath: ramdisk.string)
            try await build(kernel, ramdisk, into: inside)
            let file = try FileDescriptor.open(ramdisk, .writeOnly)
            try file.closeAfter {
                _ = try file.writeAll(
                    toAbsoluteOffset: 0, [UInt8](repeating: 7, count: Self.mebibyte))
            }
            try expectSameImages(in: outside, and: inside)
        }
    }

    @Test func `blocks of another file system are copied`() async throws {
        try await withFileSystem("xfs") { kernel, outside, inside in
            try await build(kernel, outside.appending("ramdisk"), into: inside)
            try expectSameImages(in: outside, and: inside)
        }
    }

    private static let images = ["bootimage-k.bios.img", "bootimage-k.uefi.img"]

    private func build(
        _ kernel: FilePath, _ ramdisk: FilePath, into folder: FilePath
    ) async throws {
        try await Project.bootimage.succeed([
            "build", kernel.string, "--name", "k", "--ramdisk", ramdisk.string,
            "--output-directory", folder.string,
        ])
    }

    private func expectSameImages(in outside: FilePath, and inside: FilePath) throws {
        for image in Self.images {
            let areSame = FileManager.default.contentsEqual(
                atPath: outside.appending(image).string, andPath: inside.appending(image).string)
            #expect(areSame, "\(image)")
        }
    }

    private func usedByteCount(of folder: FilePath) async throws -> Int {
        sync()
        let verdict = try await Tool(name: "df").succeed([
            "--block-size=1", "--output=used", folder.string,
        ])
        let words = verdict.output.split { $0.isWhitespace }
        return try #require(words.last.flatMap { Int($0) }, "\(verdict.output)")
    }

    /// A kernel, a folder with a RAM disk and with images of both that were copied, and a mounted
    /// file system.
    ///
    /// Programs that other tests start may have inherited a descriptor of a file there, so that it
    /// is unmounted once they end.
    private func withFileSystem(
        _ type: String,
        _ body: (_ kernel: FilePath, _ outside: FilePath, _ inside: FilePath) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            let ramdisk = folder.appending("ramdisk")
            var generator = SplitMix64(state: 7)
            let words = (0..<(Self.ramdiskByteCount / 8 + 1)).map { _ in generator.next() }
            try words.withUnsafeBytes {
                try write(Array($0.prefix(Self.ramdiskByteCount)), to: ramdisk)
            }
            try await build(kernel, ramdisk, into: folder)
            let (disk, point) = (folder.appending("disk"), folder.appending("mounted"))
            try await Tool(name: "truncate").succeed(["--size", "512M", disk.string])
            try await Tool(name: "mkfs.\(type)").succeed(["-q", disk.string])
            try await Tool(name: "mount").succeed(
                ["-o", "loop", disk.string, makeFolder(point).string])
            do {
                try await body(kernel, folder, point)
            } catch {
                try await Tool(name: "umount").run(["--lazy", point.string])
                throw error
            }
            try await Tool(name: "umount").succeed(["--lazy", point.string])
        }
    }
}
