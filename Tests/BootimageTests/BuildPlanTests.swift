import SystemPackage
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit
@testable import HostSystem

/// From options to outputs, without touching a file.
struct BuildPlanTests {
    /// Options, and the outputs that they lead to.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var options: BuildOptions
        var paths: [FilePath]

        init(
            _ sentence: String, kernel: FilePath = "out/kernel.elf", paths: FilePath...,
            change: (inout BuildOptions) -> Void = { _ in }
        ) {
            testDescription = sentence
            options = BuildOptions(content: KernelContent(kernel: kernel))
            change(&options)
            self.paths = paths
        }
    }

    static let plain = KernelContent(kernel: "kernel")

    static let cases = [
        Case(
            "both images lie beside the kernel",
            paths: "out/bootimage-kernel.bios.img", "out/bootimage-kernel.uefi.img"),
        Case(
            "a kernel in this folder", kernel: "kernel.elf",
            paths: "bootimage-kernel.bios.img", "bootimage-kernel.uefi.img"),
        Case(
            "a kernel without an extension", kernel: "/b/Kernel",
            paths: "/b/bootimage-Kernel.bios.img", "/b/bootimage-Kernel.uefi.img"),
        Case(
            "another extension stays", kernel: "kernel.bin",
            paths: "bootimage-kernel.bin.bios.img", "bootimage-kernel.bin.uefi.img"),
        Case("a kernel for AArch64", paths: "out/bootimage-kernel.uefi.img") {
            $0.content.architecture = .aarch64
        },
        Case("kernels for both", paths: "out/bootimage-kernel.uefi.img") {
            $0.content.otherKernels = [.init(path: "arm.elf", architecture: .aarch64)]
        },
        Case("one firmware", paths: "out/bootimage-kernel.uefi.img") { $0.kinds = [.uefi] },
        Case(
            "firmwares in the order given, each once",
            paths: "out/bootimage-kernel.uefi.img", "out/bootimage-kernel.bios.img"
        ) { $0.kinds = [.uefi, .bios, .uefi] },
        Case("a disc", paths: "out/bootimage-kernel.iso") { $0.formats = [.iso] },
        Case(
            "a disc beside disks", paths: "out/bootimage-kernel.hybrid.qcow2.gz",
            "out/bootimage-kernel.iso.gz"
        ) {
            ($0.kinds, $0.compression) = ([.hybrid], .gz)
            $0.formats = [.iso, .container(.qcow2)]
        },
        Case("both firmwares in one", paths: "out/bootimage-kernel.hybrid.img") {
            $0.kinds = [.hybrid]
        },
        Case(
            "--name", paths: "out/bootimage-demo.bios.img", "out/bootimage-demo.uefi.img"
        ) { $0.name = "demo" },
        Case(
            "--output-directory",
            paths: "images/bootimage-kernel.bios.img", "images/bootimage-kernel.uefi.img"
        ) { $0.outputDirectory = "images" },
        Case(
            "--format, each once", paths: "out/bootimage-kernel.bios.qcow2",
            "out/bootimage-kernel.bios.img", "out/bootimage-kernel.bios.vhd"
        ) {
            ($0.kinds, $0.formats) = (
                [.bios],
                [.container(.qcow2), .container(.raw), .container(.vhd), .container(.qcow2)]
            )
        },
        Case(
            "--compress", paths: "out/bootimage-kernel.bios.img.zst",
            "out/bootimage-kernel.uefi.img.zst"
        ) { $0.compression = .zstd },
        Case("--format and --compress", paths: "out/bootimage-kernel.uefi.vdi.gz") {
            ($0.kinds, $0.formats, $0.compression) = ([.uefi], [.container(.vdi)], .gz)
        },
        Case("--output stays as it is", paths: "a.img") {
            ($0.output, $0.kinds, $0.formats, $0.compression) = (
                "a.img", [.bios], [.container(.vmdk)], .xz
            )
        },
        Case("--output with one firmware", paths: "a.img") {
            $0.output = "a.img"
            $0.kinds = [.bios, .bios]
        },
    ]

    @Test(arguments: cases)
    func `outputs have their places`(_ row: Case) throws {
        #expect(try BuildPlan(row.options).outputs.map(\.path) == row.paths)
    }

    /// Options that cannot be followed, and words of the refusal.
    struct Contradiction: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var words: String
        var options = BuildOptions(content: BuildPlanTests.plain)

        init(_ sentence: String, _ words: String, change: (inout BuildOptions) -> Void) {
            testDescription = sentence
            self.words = words
            change(&options)
        }
    }

    static let files = [ExtraFile(destination: "a", source: "b")]

    static let contradictions = [
        Contradiction("--output with both firmwares", "--output") { $0.output = "a.img" },
        Contradiction("--output with --name", "--output") {
            ($0.output, $0.kinds, $0.name) = ("a.img", [.bios], "demo")
        },
        Contradiction("--output with --output-directory", "--output") {
            ($0.output, $0.kinds, $0.outputDirectory) = ("a.img", [.bios], "images")
        },
        Contradiction("--output with two formats", "one --format") {
            ($0.output, $0.kinds, $0.formats) = (
                "a.img", [.bios], [.container(.raw), .container(.vdi)]
            )
        },
        Contradiction("BIOS for AArch64", "--firmware bios is for BIOS, and ") {
            ($0.content.architecture, $0.kinds) = (.aarch64, [.uefi, .bios])
        },
        Contradiction("both firmwares for AArch64", "--firmware hybrid is for BIOS") {
            ($0.content.architecture, $0.kinds) = (.aarch64, [.hybrid])
        },
        Contradiction("a disc for AArch64", "--format iso is for BIOS") {
            ($0.content.architecture, $0.formats) = (.aarch64, [.iso])
        },
        Contradiction("BIOS for two kernels", "arm.elf is for AArch64, which has none") {
            $0.content.otherKernels = [.init(path: "arm.elf", architecture: .aarch64)]
            $0.kinds = [.bios]
        },
        Contradiction("two kernels for one architecture", "are both for x86-64") {
            $0.content.otherKernels = [.init(path: "other.elf", architecture: .x86_64)]
        },
        Contradiction("sectors of 4 KiB with both firmwares", "--firmware uefi") {
            $0.sectorSize = .bytes4096
        },
        Contradiction("sectors of 4 KiB with BIOS too", "--sector-size 4096") {
            ($0.sectorSize, $0.kinds) = (.bytes4096, [.uefi, .bios])
        },
        Contradiction("a type of FAT on BIOS alone", "--esp-fat 16") {
            ($0.espFAT, $0.kinds) = (.fat16, [.bios])
        },
        Contradiction("a type of FAT for a TFTP server's folder", "--esp-fat 32") {
            ($0.espFAT, $0.pxeDirectory) = (.fat32, "served")
        },
        Contradiction("sectors of 4 KiB with a hybrid image", "--sector-size 4096") {
            ($0.sectorSize, $0.kinds) = (.bytes4096, [.hybrid])
        },
        Contradiction("an active protective MBR without a hybrid image", "--firmware hybrid") {
            ($0.activeProtectiveMBR, $0.kinds) = (true, [.bios, .uefi])
        },
        Contradiction("a disc for BIOS alone", "--format iso is for both") {
            ($0.formats, $0.kinds) = ([.iso], [.bios])
        },
        Contradiction("sectors of 4 KiB on a disc", "--sector-size 4096") {
            ($0.formats, $0.sectorSize) = ([.iso], .bytes4096)
        },
        Contradiction("an EFI system partition's size on BIOS alone", "--esp-size 64MiB") {
            ($0.espSize, $0.kinds) = (.mebibytes(64), [.bios])
        },
        Contradiction("a label on BIOS alone", "--volume-label DATA") {
            ($0.volumeLabel, $0.kinds) = ("DATA", [.bios])
        },
        Contradiction("partitions on BIOS alone", "[[partition]] in bootimage.toml") {
            ($0.partitions, $0.kinds) = ([PartitionRequest(name: "a")], [.bios])
        },
        Contradiction("an image's size without an image", "--image-size needs an image") {
            ($0.imageSize, $0.pxeDirectory) = (.mebibytes(64), "served")
        },
        Contradiction("--directory without a file system", "--directory needs an image") {
            ($0.content.directories, $0.kinds) = (files, [.bios])
        },
        Contradiction("a name with a slash", "“a/b”") { $0.name = "a/b" },
        Contradiction("a name with a slash under an accent", "--name") { $0.name = "a/\u{301}b" },
        Contradiction("an empty name", "“”") { $0.name = "" },
        Contradiction("a kernel that is no file", "“/”") { $0.content.kernel = "/" },
        Contradiction("--file without a file system", "--firmware uefi or hybrid, or --ramdisk") {
            ($0.content.extraFiles, $0.kinds) = (files, [.bios])
        },
        Contradiction("a date in words", "SOURCE_DATE_EPOCH is “today”") {
            $0.sourceDateEpoch = "today"
        },
        Contradiction("a date with a fraction", "“1.5”") { $0.sourceDateEpoch = "1.5" },
    ]

    @Test(arguments: contradictions)
    func `contradictions are the user's mistake`(_ row: Contradiction) throws {
        let failure = try #require(throws: Failure.self) { try BuildPlan(row.options) }
        #expect(failure.status == .usage)
        #expect(failure.message.contains(row.words), "\(failure.message)")
    }

    @Test func `an option about images asks for images beside a TFTP server's folder`() throws {
        var options = BuildOptions(content: Self.plain, pxeDirectory: "served")
        #expect(try BuildPlan(options).images.isEmpty)
        options.formats = [.container(.raw), .container(.qcow2)]
        #expect(try BuildPlan(options).images.map(\.outputs.count) == [2, 2])
        (options.formats, options.compression) = ([], .gz)
        #expect(try BuildPlan(options).images.map(\.outputs.count) == [1, 1])
    }

    @Test func `sectors have 512 bytes unless UEFI alone is asked for more`() throws {
        let usual = BuildOptions(content: Self.plain)
        #expect(try BuildPlan(usual).sectorSize == .bytes512)
        let options = BuildOptions(
            content: Self.plain, kinds: [.uefi, .uefi], sectorSize: .bytes4096)
        #expect(try BuildPlan(options).sectorSize == .bytes4096)
    }

    @Test func `the EFI system partition is FAT32 unless another is asked for`() throws {
        #expect(try BuildPlan(BuildOptions(content: Self.plain)).fatType == nil)
        let options = BuildOptions(content: Self.plain, espFAT: .fat12)
        #expect(try BuildPlan(options).fatType == .fat12)
    }

    @Test(
        arguments: [
            ([], nil, 1), ([.uefi], nil, 0), ([.uefi, .bios], nil, 1), ([], "served", 0),
            ([.bios], "served", 1),
        ] as [([ImageKind], FilePath?, Int)])
    func `each image without the user's files is told of`(
        _ kinds: [ImageKind], _ pxeDirectory: FilePath?, _ count: Int
    ) throws {
        var options = BuildOptions(
            content: KernelContent(kernel: "kernel", extraFiles: Self.files), kinds: kinds,
            pxeDirectory: pxeDirectory)
        let warnings = try BuildPlan(options).warnings
        #expect(warnings.count == count)
        #expect(warnings.allSatisfy { $0.hasPrefix("bootimage-kernel.bios.img: ") })
        options.content.extraFiles = []
        #expect(try BuildPlan(options).warnings.isEmpty)
    }

    @Test(
        arguments: zip(
            [nil, "", "0", "-1", "1700000000", "\(Int64.max)"],
            [0, 0, 0, 0, 1_700_000_000, Int64.max]))
    func `SOURCE_DATE_EPOCH is the files' time`(value: String?, seconds: Int64) throws {
        let plan = try BuildPlan(BuildOptions(content: Self.plain, sourceDateEpoch: value))
        #expect(plan.timestamp == FATTimestamp(unixSeconds: seconds))
    }
}
