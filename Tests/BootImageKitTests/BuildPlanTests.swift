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
    func `outputs have their paths`(_ row: Case) throws {
        #expect(try BuildPlan(row.options).outputs.map(\.path) == row.paths)
    }

    /// Options that contradict each other, and the error.
    struct Contradiction: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var error: PlanError
        var options = BuildOptions(content: BuildPlanTests.plain)

        init(_ sentence: String, _ error: PlanError, change: (inout BuildOptions) -> Void) {
            testDescription = sentence
            self.error = error
            change(&options)
        }
    }

    static let files = [ExtraFile(destination: "a", source: "b")]

    static let contradictions = [
        Contradiction("an output with both firmwares", .severalImages) { $0.output = "a.img" },
        Contradiction("an output with a name", .severalImages) {
            ($0.output, $0.kinds, $0.name) = ("a.img", [.bios], "demo")
        },
        Contradiction("an output with a folder", .severalImages) {
            ($0.output, $0.kinds, $0.outputDirectory) = ("a.img", [.bios], "images")
        },
        Contradiction("an output with two formats", .severalFormats) {
            ($0.output, $0.kinds, $0.formats) = (
                "a.img", [.bios], [.container(.raw), .container(.vdi)]
            )
        },
        Contradiction("BIOS for AArch64", .noBIOS(.bios, kernel: "kernel", .aarch64)) {
            ($0.content.architecture, $0.kinds) = (.aarch64, [.uefi, .bios])
        },
        Contradiction("a hybrid for AArch64", .noBIOS(.hybrid, kernel: "kernel", .aarch64)) {
            ($0.content.architecture, $0.kinds) = (.aarch64, [.hybrid])
        },
        Contradiction("a disc for AArch64", .noBIOS(.disc, kernel: "kernel", .aarch64)) {
            ($0.content.architecture, $0.formats) = (.aarch64, [.iso])
        },
        Contradiction("BIOS for two kernels", .noBIOS(.bios, kernel: "arm.elf", .aarch64)) {
            $0.content.otherKernels = [.init(path: "arm.elf", architecture: .aarch64)]
            $0.kinds = [.bios]
        },
        Contradiction(
            "two kernels for one architecture", .twoKernels("kernel", "other.elf", .x86_64)
        ) {
            $0.content.otherKernels = [.init(path: "other.elf", architecture: .x86_64)]
        },
        Contradiction("a line end in the command line", .badCommandLine("a\nb")) {
            $0.content.commandLine = "a\nb"
        },
        Contradiction(
            "a tab in a module's string", .badModule(.init(path: "a", string: "b\tc"))
        ) {
            $0.content.modules = [.init(path: "ok"), .init(path: "a", string: "b\tc")]
        },
        Contradiction("twelve modules", .tooManyModules(found: 12, allowed: 11)) {
            $0.content.modules = Array(repeating: .init(path: "a"), count: 12)
        },
        Contradiction("4096-byte sectors by default", .sectorSizeNeedsUEFI(.bytes4096)) {
            $0.sectorSize = .bytes4096
        },
        Contradiction("4096-byte sectors with BIOS too", .sectorSizeNeedsUEFI(.bytes4096)) {
            ($0.sectorSize, $0.kinds) = (.bytes4096, [.uefi, .bios])
        },
        Contradiction("4096-byte sectors with a hybrid", .sectorSizeNeedsUEFI(.bytes4096)) {
            ($0.sectorSize, $0.kinds) = (.bytes4096, [.hybrid])
        },
        Contradiction("4096-byte sectors on a disc", .sectorSizeNeedsUEFI(.bytes4096)) {
            ($0.formats, $0.sectorSize) = ([.iso], .bytes4096)
        },
        Contradiction("a type of FAT on BIOS alone", .noESP(.fat(.fat16))) {
            ($0.espFAT, $0.kinds) = (.fat16, [.bios])
        },
        Contradiction("a type of FAT in a TFTP folder", .noESP(.fat(.fat32))) {
            ($0.espFAT, $0.pxeDirectory) = (.fat32, "served")
        },
        Contradiction("an ESP's size on BIOS alone", .noESP(.size(.mebibytes(64)))) {
            ($0.espSize, $0.kinds) = (.mebibytes(64), [.bios])
        },
        Contradiction("a label on BIOS alone", .noESP(.label("DATA"))) {
            ($0.volumeLabel, $0.kinds) = ("DATA", [.bios])
        },
        Contradiction("partitions on BIOS alone", .noESP(.partitions)) {
            ($0.partitions, $0.kinds) = ([PartitionRequest(name: "a")], [.bios])
        },
        Contradiction("an active protective MBR without a hybrid", .noHybridImage) {
            ($0.activeProtectiveMBR, $0.kinds) = (true, [.bios, .uefi])
        },
        Contradiction("a disc for BIOS alone", .discNotHybrid) {
            ($0.formats, $0.kinds) = ([.iso], [.bios])
        },
        Contradiction("an image's size without an image", .noImage) {
            ($0.imageSize, $0.pxeDirectory) = (.mebibytes(64), "served")
        },
        Contradiction("a folder without a file system", .noFileSystem(.directories)) {
            ($0.content.directories, $0.kinds) = (files, [.bios])
        },
        Contradiction("a file without a file system", .noFileSystem(.files)) {
            ($0.content.extraFiles, $0.kinds) = (files, [.bios])
        },
        Contradiction("a name with a slash", .badName("a/b")) { $0.name = "a/b" },
        Contradiction("a name with a slash under an accent", .badName("a/\u{301}b")) {
            $0.name = "a/\u{301}b"
        },
        Contradiction("an empty name", .badName("")) { $0.name = "" },
        Contradiction("a kernel without a name", .namelessKernel("/")) {
            $0.content.kernel = "/"
        },
        Contradiction("a date in words", .badSourceDateEpoch("today")) {
            $0.sourceDateEpoch = "today"
        },
        Contradiction("a date with a fraction", .badSourceDateEpoch("1.5")) {
            $0.sourceDateEpoch = "1.5"
        },
        Contradiction("a key without a certificate", .keyWithoutCertificate) {
            $0.signKey = "k"
        },
        Contradiction("a certificate without a key", .certificateWithoutKey) {
            $0.signCertificate = "c"
        },
        Contradiction("a key on BIOS alone", .nothingToSign) {
            ($0.signKey, $0.signCertificate, $0.kinds) = ("k", "c", [.bios])
        },
    ]

    @Test(arguments: contradictions)
    func `contradictory options are refused`(_ row: Contradiction) {
        #expect(throws: row.error) { try BuildPlan(row.options) }
    }

    @Test func `a plan names the programs that it needs, each once`() throws {
        var options = BuildOptions(content: Self.plain, kinds: [.uefi])
        #expect(try BuildPlan(options).programs(isDryRun: false).isEmpty)
        options.formats = [.container(.raw), .container(.vdi), .container(.qcow2)]
        (options.compression, options.signKey, options.signCertificate) = (.gz, "k", "c")
        let plan = try BuildPlan(options)
        #expect(
            plan.programs(isDryRun: false).map(\.name) == [
                "openssl", "sbsign", "sbverify", "gzip", "qemu-img",
            ])
        #expect(
            plan.programs(isDryRun: true).map(\.name) == ["openssl", "sbsign", "sbverify"])
    }

    @Test func `an option for images adds images to a TFTP folder`() throws {
        var options = BuildOptions(content: Self.plain)
        options.pxeDirectory = "served"
        #expect(try BuildPlan(options).images.isEmpty)
        options.formats = [.container(.raw), .container(.qcow2)]
        #expect(try BuildPlan(options).images.map(\.outputs.count) == [2, 2])
        (options.formats, options.compression) = ([], .gz)
        #expect(try BuildPlan(options).images.map(\.outputs.count) == [1, 1])
    }

    @Test func `sectors have 512 bytes by default`() throws {
        #expect(try BuildPlan(BuildOptions(content: Self.plain)).sectorSize == .bytes512)
        var options = BuildOptions(content: Self.plain, kinds: [.uefi, .uefi])
        options.sectorSize = .bytes4096
        #expect(try BuildPlan(options).sectorSize == .bytes4096)
    }

    @Test func `the type of FAT is the image's default or the option's`() throws {
        #expect(try BuildPlan(BuildOptions(content: Self.plain)).fatType == nil)
        var options = BuildOptions(content: Self.plain)
        options.espFAT = .fat12
        #expect(try BuildPlan(options).fatType == .fat12)
    }

    @Test(
        arguments: [
            ([], nil, 1), ([.uefi], nil, 0), ([.uefi, .bios], nil, 1), ([], "served", 0),
            ([.bios], "served", 1),
        ] as [([ImageKind], FilePath?, Int)])
    func `an image that omits the user's files has a warning`(
        _ kinds: [ImageKind], _ pxeDirectory: FilePath?, _ count: Int
    ) throws {
        var options = BuildOptions(content: Self.plain, kinds: kinds)
        options.content.extraFiles = Self.files
        options.pxeDirectory = pxeDirectory
        let warning = BuildWarning.omits("bootimage-kernel.bios.img", .files)
        #expect(
            try BuildPlan(options).warnings == Array(repeating: warning, count: count))
        options.content.extraFiles = []
        #expect(try BuildPlan(options).warnings.isEmpty)
    }

    @Test(
        arguments: zip(
            [nil, "", "0", "-1", "1700000000", "\(Int64.max)"],
            [0, 0, 0, 0, 1_700_000_000, Int64.max]))
    func `SOURCE_DATE_EPOCH is the files' time`(value: String?, seconds: Int64) throws {
        var options = BuildOptions(content: Self.plain)
        options.sourceDateEpoch = value
        let plan = try BuildPlan(options)
        #expect(plan.timestamp == FATTimestamp(unixSeconds: seconds))
    }
}
