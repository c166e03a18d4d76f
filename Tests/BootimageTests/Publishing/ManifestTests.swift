import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit

/// `bootimage build --manifest`, checked by its schema and by sha256sum.
@Suite(.needs("clang", "ld.lld", "sha256sum", "qemu-img", "gzip"))
struct ManifestTests {
    /// As a program reads it.
    struct Contents: Decodable {
        struct Content: Decodable, Equatable {
            var size: Int
            var sha256: String
        }
        struct Input: Decodable {
            var role: String
            var name: String
            var destination: String?
            var size: Int
            var sha256: String
            var in_image: Content
        }
        struct Partition: Decodable {
            var type: String
            var guid: String?
            var first_lba: Int
            var sectors: Int
        }
        struct Extent: Decodable {
            var name: String
            var first_lba: Int
            var sectors: Int
            var bytes: Int
        }
        struct Layout: Decodable {
            var sector_size: Int
            var sectors: Int
            var disk_signature: String?
            var disk_guid: String?
            var mbr_partitions: [Partition]
            var gpt_partitions: [Partition]
            var extents: [Extent]
        }
        struct Image: Decodable {
            var firmware: String
            var size: Int
            var sha256: String
            var layout: Layout
        }
        struct Output: Decodable {
            var name: String
            var firmware: String?
            var format: String?
            var compression: String?
            var size: Int
            var sha256: String
        }
        struct Kernel: Decodable, Equatable {
            var machine: String
            var entry: String
        }
        struct Contract: Decodable, Equatable {
            var kernel: Kernel
        }

        var inputs: [Input]
        var images: [Image]
        var outputs: [Output]
        var boot_contract: Contract
        var boot_contracts: [Contract]
    }

    private static let usual = [
        "--format", "raw", "--format", "vhdx", "--compress", "gz", "--esp-fat", "12",
    ]

    /// Builds in a folder's subfolder `out`, beside a manifest, and reads that.
    private func build(
        _ options: [String], in folder: FilePath
    ) async throws -> (out: FilePath, contents: Contents) {
        let out = try makeFolder(folder.appending("out"))
        let manifest = out.appending("build.json")
        let verdict = try await Project.bootimage.succeed(
            ["build", "\(folder)/kernel.elf", "--output-directory", out.string]
                + ["--manifest", manifest.string] + options)
        #expect(verdict.output.hasSuffix("\n\(manifest)\n\(out)/SHA256SUMS\n"))
        let check = try await Tool(name: "sha256sum").run(
            ["--check", "--strict", "SHA256SUMS"], workingDirectory: out)
        #expect(check.exitCode == 0, "\(check.text)")
        let decoder = JSONDecoder()
        return (out, try decoder.decode(Contents.self, from: Data(try read(manifest))))
    }

    @Test(
        .needs("jsonschema"),
        arguments: [
            [], usual, ["--firmware", "bios"], ["--firmware", "hybrid", "--esp-fat", "12"],
            [
                "--firmware", "uefi", "--sector-size", "4096", "--esp-fat", "12",
                "--keep-debug-info",
            ],
        ])
    func `it keeps to its schema`(_ options: [String]) async throws {
        try await withKernel { folder, _ in
            let (out, _) = try await build(options, in: folder)
            let schema = Project.root.appending("docs/manifest.schema.json").string
            try await Tool(name: "jsonschema").succeed(["-i", "\(out)/build.json", schema])
            // The schema is one that can be broken.
            var text = String(decoding: try read(out.appending("build.json")), as: UTF8.self)
            text.replace("\"sha256\": \"", with: "\"sha256\": \"/")
            let broken = out.appending("broken.json").string
            try write(text.utf8, to: FilePath(broken))
            #expect(try await Tool(name: "jsonschema")("-i", broken, schema).exitCode == 1)
        }
    }

    @Test func `the same inputs elsewhere give the same manifest`() async throws {
        var manifests: [[UInt8]] = []
        for variables in [["TZ=UTC"], ["TZ=Asia/Tokyo", "USER=nobody", "HOME=/none"]] {
            try await withKernel { folder, kernel in
                let out = try makeFolder(folder.appending("out"))
                let (path, arguments) =
                    manifests.isEmpty
                    ? (folder, ["kernel.elf", "--output-directory", "out", "--manifest", "out/m"])
                    : (out, [kernel.string, "--output-directory", ".", "--manifest", "\(out)/m"])
                let verdict = try await Tool(name: "env").run(
                    variables + [Project.bootimage.name, "build"] + arguments + Self.usual,
                    workingDirectory: path)
                #expect(verdict.exitCode == 0, "\(verdict.text)")
                manifests += try ["m", "SHA256SUMS"].map { try read(out.appending($0)) }
                try await Task.sleep(for: .seconds(1.1))
            }
        }
        #expect(manifests[0] == manifests[2] && manifests[1] == manifests[3])
        #expect(!String(decoding: manifests[0], as: UTF8.self).contains("/tmp"))
    }

    @Test func `inputs are told as they are, and as they went in`() async throws {
        try await withKernel { folder, _ in
            _ = try await SampleKernel(source: "hello.S", shape: .higherHalf, hasDebugInfo: true)
                .build(in: folder)
            let ramdisk = folder.appending("initrd")
            try write([UInt8](repeating: 7, count: 5000), to: ramdisk)
            let configuration = folder.appending("c.json")
            try write("{}".utf8, to: configuration)
            let options = [
                "--ramdisk", ramdisk.string, "--boot-config", configuration.string,
                "--file", "modules/a.mod=\(ramdisk)", "--esp-fat", "12",
            ]
            let (_, contents) = try await build(options, in: folder)
            let inputs = contents.inputs
            #expect(
                inputs.map(\.role) == [
                    "kernel", "ramdisk", "boot-config", "file", "loader", "loader",
                ])
            #expect(
                inputs.map(\.name) == ["kernel.elf", "initrd", "c.json", "initrd", "bios", "uefi"])
            #expect(inputs[3].destination == "modules/a.mod")
            let sums = try await Tool(name: "sha256sum").succeed(
                ["kernel.elf", "initrd", "c.json"].map { "\(folder)/\($0)" }
            ).lines.map { String($0.prefix(64)) }
            #expect(inputs.prefix(3).map(\.sha256) == sums)
            #expect(inputs[0].size == (try read(folder.appending("kernel.elf"))).count)
            #expect(inputs[0].in_image.size < inputs[0].size)
            for input in inputs.dropFirst() {
                let whole = Contents.Content(size: input.size, sha256: input.sha256)
                #expect(input.in_image == whole)
            }
        }
    }

    @Test func `outputs and images have their digests`() async throws {
        try await withKernel { folder, _ in
            let (out, contents) = try await build(Self.usual, in: folder)
            #expect(
                contents.outputs.map(\.name) == [
                    "bootimage-kernel.bios.img.gz", "bootimage-kernel.bios.vhdx.gz",
                    "bootimage-kernel.uefi.img.gz", "bootimage-kernel.uefi.vhdx.gz",
                ])
            for output in contents.outputs {
                let digest = try SHA256Digest(of: out.appending(output.name))
                #expect(output.sha256 == digest.text && output.size == Int(digest.byteCount))
                #expect(output.compression == "gz")
            }
            for image in contents.images {
                let stem = "\(out)/bootimage-kernel.\(image.firmware)"
                try await Tool(name: "gzip").succeed(["-d", "\(stem).img.gz", "\(stem).vhdx.gz"])
                let digest = try SHA256Digest(of: FilePath(stem + ".img"))
                #expect(image.sha256 == digest.text && image.size == Int(digest.byteCount))
            }
        }
    }

    @Test func `the layout is that of the image`() async throws {
        try await withKernel { folder, kernel in
            let (out, contents) = try await build(["--esp-fat", "12"], in: folder)
            for image in contents.images {
                let bytes = try read(out.appending("bootimage-kernel.\(image.firmware).img"))
                let layout = image.layout
                #expect(layout.sectors * layout.sector_size == bytes.count)
                var end = 0
                for extent in layout.extents {
                    let start = extent.first_lba * layout.sector_size
                    #expect(bytes[end..<start].allSatisfy { $0 == 0 }, "before \(extent.name)")
                    #expect((extent.sectors - 1) * layout.sector_size < extent.bytes)
                    end = start + extent.bytes
                }
                #expect(bytes[end...].allSatisfy { $0 == 0 })
            }
            let (bios, uefi) = (contents.images[0].layout, contents.images[1].layout)
            #expect(bios.mbr_partitions.map(\.type) == ["0xda"] && bios.disk_guid == nil)
            #expect(bios.gpt_partitions.isEmpty)
            #expect(uefi.mbr_partitions.map(\.type) == ["0xee"] && uefi.disk_guid != nil)
            #expect(uefi.gpt_partitions.map(\.first_lba) == [2048])
            #expect(uefi.gpt_partitions[0].type == "C12A7328-F81F-11D2-BA4B-00A0C93EC93B")
            let inspection = try await Project.bootimage("inspect", kernel.string, "--json")
            #expect(inspection.says("\"entry\": \"\(contents.boot_contract.kernel.entry)\""))
            #expect(contents.boot_contracts == [contents.boot_contract])
        }
    }

    @Test(.needs("jsonschema"), arguments: ["x86_64 aarch64", "aarch64 x86_64"])
    func `each of two kernels has its contract`(_ order: String) async throws {
        try await withKernel { folder, kernel in
            let arm = try await SemihostingKernel.build(in: folder)
            let machines = order.split(separator: " ").map(String.init)
            let files = machines.map { $0 == "aarch64" ? arm.string : kernel.string }
            let manifest = folder.appending("both.json")
            try await Project.bootimage.succeed(
                ["build"] + files + ["--firmware", "uefi", "--manifest", manifest.string])
            let contents = try JSONDecoder().decode(
                Contents.self, from: Data(try read(manifest)))
            let contracts = contents.boot_contracts
            #expect(contracts.map(\.kernel.machine) == machines)
            #expect(contents.boot_contract == contracts[0])
            #expect(
                contents.inputs.filter { $0.role == "kernel" }.map(\.name)
                    == files.map { FilePath($0).lastComponent?.string })
            for (file, contract) in zip(files, contracts) {
                let inspection = try await Project.bootimage("inspect", file, "--json")
                #expect(inspection.says("\"entry\": \"\(contract.kernel.entry)\""))
            }
            let schema = Project.root.appending("docs/manifest.schema.json").string
            try await Tool(name: "jsonschema").succeed(["-i", manifest.string, schema])
        }
    }

    @Test(.needs("sgdisk"))
    func `sgdisk finds the same GUIDs`() async throws {
        try await withKernel { folder, _ in
            let (out, contents) = try await build(
                ["--firmware", "uefi", "--esp-fat", "12"], in: folder)
            let layout = contents.images[0].layout
            let image = "\(out)/bootimage-kernel.uefi.img"
            let disk = try await Tool(name: "sgdisk").succeed(["--print", image])
            #expect(disk.says(try #require(layout.disk_guid)))
            let partition = try await Tool(name: "sgdisk").succeed(["--info=1", image])
            #expect(partition.says(try #require(layout.gpt_partitions[0].guid)))
        }
    }

    @Test func `a TFTP server's folder is told of, too`() async throws {
        try await withKernel { folder, _ in
            let (_, contents) = try await build(
                ["--pxe-directory", "\(folder)/out/served"], in: folder)
            #expect(
                contents.outputs.suffix(2).map(\.name) == [
                    "served/BOOTX64.EFI", "served/kernel-x86_64",
                ])
            #expect(
                contents.outputs.suffix(2).allSatisfy { $0.firmware == nil && $0.format == nil })
        }
    }
}
