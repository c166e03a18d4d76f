import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import DiskImage
@testable import ELFKit
@testable import GuestKit

/// `bootimage flash` with loop devices.
@Suite(.serialized, .needs("clang", "ld.lld"), .needsLoopDevices)
struct FlashCommandTests {
    private static let mebibyte = 1 << 20

    @Test(arguments: ["bios", "uefi", "hybrid"], [0, 512, 20 * mebibyte])
    func `a device holds the image and passes verification`(_ firmware: String, _ addition: Int)
        async throws
    {
        try await withImage(firmware) { folder, image in
            let bytes = try read(image)
            try await LoopDevice.with(byteCount: bytes.count + addition, in: folder) { device in
                let verdict = try await Project.bootimage.run([
                    "flash", image.string, device.path.string, "--allow-fixed-disk", "--yes",
                    device.file.string,
                ])
                verdict.expectSuccess()
                #expect(
                    verdict.output.hasPrefix("\(device.path): \(image) written and read back, "))
                #expect(verdict.lines.count == 1)
                if addition == 0 || firmware == "bios" {
                    let holdsImage = try device.content.starts(with: bytes)
                    #expect(holdsImage)
                }
                let check = try await Project.bootimage.succeed(["verify", device.path.string])
                #expect(check.output.hasPrefix("\(device.path): sound\n\n"), "\(check.output)")
                if firmware != "bios", Tool.path(of: "sgdisk") != nil {
                    let check = try await Tool(name: "sgdisk")("--verify", device.path.string)
                    #expect(check.says("No problems found"), "\(check.text)")
                }
            }
        }
    }

    @Test func `a device holds a card`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await RaspiKernel.build(in: folder).string
            let card = folder.appending("card.img")
            try await Project.bootimage.succeed([
                "build", kernel, "--board", "raspi3", "--without-firmware", "-o", card.string,
            ])
            let bytes = try read(card)
            try await LoopDevice.with(byteCount: bytes.count, in: folder) { device in
                try await Project.bootimage.run([
                    "flash", card.string, device.path.string, "--allow-fixed-disk", "--yes",
                    device.file.string,
                ]).expectSuccess()
                let holdsCard = try device.content.starts(with: bytes)
                #expect(holdsCard)
            }
        }
    }

    @Test func `an image with sectors of 4 KiB needs such a disk`() async throws {
        try await withImage("uefi", ["--sector-size", "4096", "--esp-fat", "16"]) { folder, image in
            let length = try read(image).count + 9 * 4096
            let options = ["--sector-size", "4096"]
            try await LoopDevice.with(byteCount: length, in: folder, options: options) { device in
                try await Project.bootimage.run([
                    "flash", image.string, device.path.string, "--allow-fixed-disk", "--yes",
                    device.file.string,
                ]).expectSuccess()
                let check = try await Project.bootimage.succeed(["verify", device.path.string])
                #expect(check.says("sectors of 4096 bytes"))
            }
        }
    }

    @Test func `an old backup GPT is erased`() async throws {
        try await withImage("uefi") { folder, uefi in
            let bios = try await Self.build("bios", [], in: folder)
            try await LoopDevice.with(byteCount: 50 * Self.mebibyte, in: folder) { device in
                for image in [uefi, bios] {
                    try await Project.bootimage.run([
                        "flash", image.string, device.path.string, "--allow-fixed-disk", "--yes",
                        device.file.string,
                    ]).expectSuccess()
                }
                let check = try await Project.bootimage.succeed(["verify", device.path.string])
                #expect(check.says("\n\nMBR\n"), "\(check.output)")
            }
        }
    }

    @Test func `a dry run prints the plan and writes nothing`() async throws {
        try await withImage("hybrid") { folder, image in
            try await LoopDevice.with(byteCount: 50 * Self.mebibyte, in: folder) { device in
                let old = try device.content
                let verdict = try await Project.bootimage.run([
                    "flash", image.string, device.path.string, "--allow-fixed-disk", "--dry-run",
                ])
                verdict.expectSuccess()
                #expect(
                    verdict.says("0x31ffe00  0x31fffff  backup GPT header\n"), "\(verdict.text)")
                let isSame = try device.content == old
                #expect(isSame)
                try await Project.bootimage.run([
                    "flash", image.string, device.path.string, "--dry-run",
                ]).expectRefusal(64, saying: "--allow-fixed-disk")
            }
        }
    }

    @Test func `JSON has every key of the documentation`() async throws {
        try await withImage("bios") { folder, image in
            try await LoopDevice.with(byteCount: 4 * Self.mebibyte, in: folder) { device in
                let list = try await Project.bootimage("flash", "--json")
                list.expectSuccess()
                #expect(list.says("\"path\": \"\(device.path)\""))
                let done = try await Project.bootimage.run([
                    "flash", image.string, device.path.string, "--allow-fixed-disk", "--yes",
                    device.file.string, "--json",
                ])
                done.expectSuccess()
                let result = try JSONDecoder().decode(Report.self, from: Data(done.output.utf8))
                #expect(result.written && result.bytes == 3 * Self.mebibyte)
                #expect(result.device.serial == device.file.string)
                let page = try String(
                    contentsOfFile: Project.root.appending("docs/flash.md").string, encoding: .utf8)
                for verdict in [list, done] {
                    for line in verdict.lines {
                        guard let key = line.wholeMatch(of: /\s*"(\w+)": .*/)?.1 else { continue }
                        let isTold = page.contains("`\(key)`")
                        #expect(isTold, "\(key)")
                    }
                }
            }
        }
    }

    private struct Report: Decodable {
        struct Device: Decodable { let serial: String }
        let written: Bool
        let bytes: Int
        let device: Device
    }

    @Test(.needs("script")) func `the name must be typed on a terminal`() async throws {
        try await withImage("bios") { folder, image in
            try await LoopDevice.with(byteCount: 4 * Self.mebibyte, in: folder) { device in
                let old = try device.content
                let wrong = try await Self.type("sdz", image, device)
                #expect(wrong.exitCode == 64)
                #expect(wrong.says("“sdz” was typed instead of \(device.name)"))
                let isSame = try device.content == old
                #expect(isSame)
                let nothing = try await Self.type("", image, device)
                #expect(nothing.exitCode == 64)
                let isStillSame = try device.content == old
                #expect(isStillSame)
                let right = try await Self.type(device.name, image, device)
                #expect(right.exitCode == 0, "\(right.text)")
                for word in ["4.1 MB (4194304 bytes)", "comparing", "\(device.file)"] {
                    #expect(right.says(word), "\(right.text)")
                }
                let holdsImage = try device.content.starts(with: read(image))
                #expect(holdsImage)
            }
        }
    }

    /// Runs the command on a terminal of its own, where progress is shown in CI too, and types a
    /// word there.
    private static func type(
        _ word: String, _ image: FilePath, _ device: LoopDevice
    ) async throws -> Tool.Verdict {
        let command =
            "'\(Project.bootimage.name)' flash '\(image)' \(device.path) --allow-fixed-disk"
        let typing =
            #"printf '%s\n' "$2" | env -u CI script --quiet --return --command "$1" /dev/null"#
        return try await Tool(name: "sh")(
            "-c", typing, "sh", command, word, environment: ["TERM": "xterm"])
    }

    @Test func `an interrupted writer leaves a device that does not boot`() async throws {
        try await withTemporaryFolder { folder in
            let ramdisk = folder.appending("ramdisk")
            try await Tool(name: "truncate").succeed(["--size=400M", ramdisk.string])
            try write(await HelloKernel.bytes, to: folder.appending("kernel.elf"))
            let image = try await Self.build("bios", ["--ramdisk", ramdisk.string], in: folder)
            try await LoopDevice.with(byteCount: 402 * Self.mebibyte, in: folder) { device in
                // Interrupted when the first sectors are clear, and that is before the last are.
                let verdict = try await Tool(name: "sh")(
                    "-c",
                    """
                    "$1" flash "$2" "$3" --allow-fixed-disk --yes "$4" & process=$!
                    while kill -0 $process && [ "$(od -An -tx1 -N1 "$4")" != " 00" ]; do :; done
                    kill -TERM $process; wait $process
                    """, "sh", Project.bootimage.name, image.string, device.path.string,
                    device.file.string)
                #expect(verdict.exitCode == 128 + 15, "\(verdict.text)")
                #expect(verdict.says("it does not boot now"))
                let isClear = try device.content.prefix(Self.mebibyte).allSatisfy { $0 == 0 }
                #expect(isClear)
            }
        }
    }

    private func withImage(
        _ firmware: String, _ options: [String] = [],
        _ body: (_ folder: FilePath, _ image: FilePath) async throws -> Void
    ) async throws {
        try await withKernel { folder, _ in
            try await body(folder, try await Self.build(firmware, options, in: folder))
        }
    }

    private static func build(
        _ firmware: String, _ options: [String], in folder: FilePath
    ) async throws -> FilePath {
        let image = folder.appending("\(firmware).image")
        try await Project.bootimage.succeed(
            [
                "build", folder.appending("kernel.elf").string, "--firmware", firmware, "-o",
                image.string,
            ] + options)
        return image
    }
}
