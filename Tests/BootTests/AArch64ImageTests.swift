import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels that start as Linux does on 64-bit ARM: MMU off, device tree in X0.
@Suite(.needs("clang", "ld.lld", "llvm-objcopy", "qemu-system-aarch64", "timeout"))
struct AArch64ImageTests {
    /// A kernel, its machine, and where its start and its device tree must be.
    struct Row: CustomStringConvertible, Sendable {
        var base: UInt64 = 0x4020_0000
        var definitions: [String] = []
        var form = Form.linked
        var machine = VirtMachine()
        var processorCount = 1
        var start: UInt64?
        var treeIsAtStart = true

        enum Form: Sendable {
            case linked, flat, positionIndependent
        }

        var description: String {
            (["\(form)", "0x" + String(base, radix: 16)] + definitions + ["\(machine)"])
                .joined(separator: " ")
        }
    }

    /// The start of RAM.
    private static let memory: UInt64 = 0x4000_0000

    static let rows: [Row] = [
        Row(machine: VirtMachine(processor: "cortex-a53", memory: "128M")),
        Row(
            machine: VirtMachine(
                processor: "cortex-a57", memory: "6G", properties: ["gic-version=3"])),
        Row(machine: VirtMachine(processor: "max", properties: ["acpi=off", "gic-version=2"])),
        Row(definitions: ["PROCESSORS=4"], processorCount: 4),
        Row(
            definitions: ["PROCESSORS=4"],
            machine: VirtMachine(
                processor: "max", properties: ["virtualization=on", "gic-version=3"]),
            processorCount: 4),
        Row(
            definitions: ["PROCESSORS=4", "CONDUIT=smc"],
            machine: VirtMachine(properties: ["virtualization=on"]), processorCount: 4),
        // At the start of RAM, and where the firmware is.
        Row(base: memory, treeIsAtStart: false),
        Row(base: 0x4008_0000), Row(base: 0x4700_0000, machine: VirtMachine(memory: "128M")),
        Row(base: 0x4F00_0000),
        Row(
            base: 0, definitions: ["HEADER", "TEXT_OFFSET=0x80000"], form: .flat,
            start: 0x4008_0000),
        Row(
            base: 0, definitions: ["HEADER", "TEXT_OFFSET=0", "FLAGS=8"], form: .flat,
            start: 0x4020_0000),
        Row(base: 0, form: .flat, start: 0x4008_0000),
        Row(base: 0, form: .positionIndependent, start: 0x4020_0000),
    ]

    @Test(arguments: rows)
    func `a kernel finds the state of Linux`(_ row: Row) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.build(row, in: folder)
            let lines = try KernelLines(
                await row.machine.boot(
                    kernel,
                    options: try Self.parameters(in: folder) + [
                        "--protocol", "arm64-image", "--cpus", "\(row.processorCount)",
                    ]))
            Self.expectState(lines, level: 1)
            lines.expect("start", row.start ?? row.base)
            lines.expect("processors", UInt64(row.processorCount))
            #expect((lines.number("x0") == Self.memory) == row.treeIsAtStart, "\(lines.text)")
            Self.expectTree(lines)
        }
    }

    @Test func `a kernel that asks for it stays at EL2`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.build(Row(), in: folder)
            let settings = folder.appending("boot.json").string
            try Data(#"{"exception_level": 2, "on_failure": 5}"#.utf8)
                .write(to: URL(filePath: settings))
            let options = ["--boot-config", settings]
            let machine = VirtMachine(properties: ["virtualization=on"])
            let lines = try KernelLines(await machine.boot(kernel, options: options))
            Self.expectState(lines, level: 2)
            let result = try await VirtMachine().boot(kernel, options: options)
            result.expect("bootimage: boot.json: firmware does not run at that level: 2")
            #expect(result.exitCode == 11, "the status of isa-debug-exit for 5")
        }
    }

    @Test(.needsFile(VirtMachine.uBoot))
    func `a kernel starts by U-Boot`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.build(Row(), in: folder)
            let image = folder.appending("kernel.img")
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "uefi", "--output", image.string]
                    + Self.parameters(in: folder))
            let lines = try KernelLines(await VirtMachine.bootByUBoot(image))
            Self.expectState(lines, level: 1)
            Self.expectTree(lines)
        }
    }

    @Test func `memory that is not there is refused`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Self.build(Row(base: 0x8000_0000), in: folder)
            let settings = folder.appending("boot.json").string
            try Data(#"{"on_failure": 5}"#.utf8).write(to: URL(filePath: settings))
            let result = try await VirtMachine().boot(
                kernel, options: ["--boot-config", settings])
            result.expect("kernel: its physical memory is not all free, from: 0x80000000")
            #expect(result.exitCode == 11, "the status of isa-debug-exit for 5")
        }
    }

    private static func build(_ row: Row, in folder: FilePath) async throws -> FilePath {
        let isMovable = row.form == .positionIndependent
        let kernel = try await SampleKernel(
            source: "image.c", shape: isMovable ? .positionIndependent : .oneMebibyte,
            definitions: row.definitions, processor: .arm,
            linkage: .init(
                "ld.lld",
                ["--fatal-warnings", isMovable ? "-pie" : "-static", "--no-dynamic-linker"]
                    + ["--defsym=BASE=\(row.base)"]
                    + ["-T", Project.kernels.appending("image.ld").string])
        ).build(in: folder)
        guard row.form == .flat else { return kernel }
        let flat = folder.appending("kernel.bin")
        try await Tool(name: "llvm-objcopy").succeed([
            "-O", "binary", kernel.string, flat.string,
        ])
        return flat
    }

    private static func parameters(in folder: FilePath) throws -> [String] {
        let ramdisk = folder.appending("ramdisk").string
        try Data("disk of RAM".utf8).write(to: URL(filePath: ramdisk))
        return ["--command-line", "quiet x=1", "--ramdisk", ramdisk]
    }

    private static func expectState(_ lines: KernelLines, level: UInt64) {
        lines.expect("x1 to x3", 0)
        lines.expect("level", level)
        lines.expect("sctlr", 0)
        lines.expect("daif", 0x3C0)
        lines.expect("data", 0x1234)
        lines.expect("bss", 0)
        lines.expect("tree magic", 0xD00D_FEED)
        lines.expect("end of tree depth", 0)
    }

    private static func expectTree(_ lines: KernelLines) {
        #expect(lines.texts("bootargs") == ["quiet x=1"], "\(lines.text)")
        #expect(lines.texts("stdout-path") == ["/pl011@9000000"], "\(lines.text)")
        let start = lines.number("linux,initrd-start") ?? 0
        lines.expect("linux,initrd-end", start + 11)
        lines.expect("ramdisk word", 0x6469_736B)
    }
}
