import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import DiskImage
@testable import ELFKit
@testable import FlashKit
@testable import HostSystem

/// Refusals of `bootimage flash`, with real disks that must not change.
@Suite(.serialized, .needs("clang", "ld.lld"), .needsLoopDevices)
struct FlashRefusalCommandTests {
    private static let mebibyte = 1 << 20

    @Test func `a fixed disk, a wrong serial number, no terminal`() async throws {
        try await withDevice { image, device in
            try await refused(image, device, [], 64, "not removable", "--allow-fixed-disk")
            try await refused(
                image, device, ["--allow-fixed-disk", "--yes", "X1"], 64, "--yes is X1",
                device.file.string)
            try await refused(image, device, ["--allow-fixed-disk"], 64, "no terminal", "--yes")
        }
    }

    @Test func `no device`() async throws {
        try await withDevice { image, device in
            let list = try await Project.bootimage("flash", image.string)
            #expect(list.exitCode == 64 && list.output.contains("\(device.path) "))
            #expect(list.error == "bootimage: no device specified; nothing was written\n")
            try await Project.bootimage("flash", image.string, "\(device.file).none")
                .expectRefusal(73, saying: "does not exist")
            let old = try device.content
            try await Project.bootimage("flash", image.string, device.file.string)
                .expectRefusal(64, saying: "is not a block device")
            try await Project.bootimage("flash", image.string, "/dev/null")
                .expectRefusal(64, saying: "is not a block device")
            let isSame = try device.content == old
            #expect(isSame)
        }
    }

    @Test func `a read-only device`() async throws {
        try await withDevice(options: ["--read-only"]) { image, device in
            try await refused(image, device, Self.sure(device), 73, "is read-only")
        }
    }

    @Test func `a device that is one sector too small`() async throws {
        try await withDevice(byteCount: 2 * Self.mebibyte - 512) { image, device in
            try await refused(
                image, device, Self.sure(device), 73, "2096640 bytes, but the image has 2097152")
        }
    }

    @Test func `a device with another sector size`() async throws {
        try await withDevice(options: ["--sector-size", "4096"]) { image, device in
            try await refused(
                image, device, Self.sure(device), 73, "sectors of 4096 bytes",
                "--sector-size 4096")
        }
    }

    @Test(.needs("mkfs.ext4", "mount")) func `a mounted device, and one that holds the image`()
        async throws
    {
        try await withDevice(byteCount: 32 * Self.mebibyte) { image, device in
            try await Tool(name: "mkfs.ext4").succeed(["-q", device.path.string])
            let point = try makeFolder(image.removingLastComponent().appending("a mount"))
            let copy = point.appending("copy.img")
            try await Tool(name: "mount").succeed([device.path.string, point.string])
            let written = Result { try write(read(image), to: copy) }
            try await Tool(name: "umount").succeed([point.string])
            try written.get()
            // A file system that may be written to writes to its journal when it likes.
            try await Tool(name: "mount").succeed(
                ["-o", "ro", device.path.string, point.string])
            do {
                try await refused(
                    image, device, Self.sure(device), 73, "is mounted at \(point)",
                    "umount \(point)")
                try await refused(
                    copy, device, Self.sure(device), 73, "holds the image itself")
            } catch {
                try await Tool(name: "umount").run([point.string])
                throw error
            }
            try await Tool(name: "umount").succeed([point.string])
        }
    }

    @Test func `a loop device of the image`() async throws {
        try await withDevice(byteCount: 2 * Self.mebibyte) { image, device in
            try write(read(image), to: device.file)
            try await refused(
                device.file, device, Self.sure(device), 73, "holds the image itself")
            try await refused(
                device.path, device, Self.sure(device), 73, "holds the image itself")
        }
    }

    @Test func `a disk under a loop device`() async throws {
        try await withDevice { image, device in
            let upper = try await Tool(name: "losetup").succeed([
                "--find", "--show", device.path.string,
            ])
            let path = upper.output.trimmingCharacters(in: .whitespacesAndNewlines)
            do {
                try await refused(
                    image, device, Self.sure(device), 73, "(loop device) is on \(device.name)",
                    "losetup --detach \(path)")
                let old = try device.content
                try await Project.bootimage("flash", image.string, path, "--allow-fixed-disk")
                    .expectRefusal(64, saying: "made of \(device.name)")
                let isSame = try device.content == old
                #expect(isSame)
            } catch {
                try await Tool(name: "losetup").run(["--detach", path])
                throw error
            }
            try await Tool(name: "losetup").succeed(["--detach", path])
        }
    }

    @Test(.needs("mkswap", "swapon")) func `swap`() async throws {
        try await withDevice { image, device in
            try await Tool(name: "mkswap").succeed([device.path.string])
            guard try await Tool(name: "swapon")(device.path.string).exitCode == 0 else { return }
            do {
                // Linux may write to all of it but the first page, which says what it is.
                try await refused(
                    image, device, Self.sure(device), 73, "is swap", "swapoff \(device.path)",
                    keeping: 4096)
            } catch {
                try await Tool(name: "swapoff").run([device.path.string])
                throw error
            }
            try await Tool(name: "swapoff").succeed([device.path.string])
        }
    }

    @Test func `a device that another program has opened exclusively`() async throws {
        try await withDevice { image, device in
            let other = try FileDescriptor.open(device.path, .readOnly, options: .exclusiveCreate)
            defer { try? other.close() }
            try await refused(image, device, Self.sure(device), 73, "in use by another program")
        }
    }

    @Test func `a damaged, wrong or missing image`() async throws {
        try await withDevice { image, device in
            let old = try device.content
            var bytes = try read(image)
            bytes[510] = 0
            try write(bytes, to: image)
            try await refused(
                image, device, Self.sure(device), 65, "not sound", "[mbr-signature]",
                "bootimage verify")
            try write(Array(repeating: 7, count: Self.mebibyte), to: image)
            try await refused(image, device, Self.sure(device), 65, "not sound")
            try await Project.bootimage("flash", "\(image).none", device.path.string)
                .expectRefusal(66, saying: "\(image).none")
            let isSame = try device.content == old
            #expect(isSame)
        }
    }

    /// Expects a status and these words, and that the first bytes of the device are unchanged.
    private func refused(
        _ image: FilePath, _ device: LoopDevice, _ options: [String], _ status: Int32,
        _ words: String..., keeping byteCount: Int = .max,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let old = try device.content.prefix(byteCount)
        let verdict = try await Project.bootimage.run(
            ["flash", image.string, device.path.string] + options)
        verdict.expectRefusal(status, saying: "nothing was written", sourceLocation: sourceLocation)
        for word in words {
            #expect(verdict.says(word), "\(verdict.text)", sourceLocation: sourceLocation)
        }
        let isSame = try device.content.prefix(byteCount) == old
        #expect(isSame, "the device was written to", sourceLocation: sourceLocation)
    }

    /// The options that answer every question.
    private static func sure(_ device: LoopDevice) -> [String] {
        ["--allow-fixed-disk", "--yes", device.file.string]
    }

    /// Runs `body` with an image of 2 MiB and a disk of 4 MiB.
    private func withDevice(
        byteCount: Int = 4 * mebibyte, options: [String] = [],
        _ body: (_ image: FilePath, _ device: LoopDevice) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("kernel.img")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "bios", "-o", image.string,
            ])
            try await LoopDevice.with(byteCount: byteCount, in: folder, options: options) {
                try await body(image, $0)
            }
        }
    }
}
