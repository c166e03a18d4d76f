import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels for the boot protocols Multiboot and Multiboot2.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct MultibootTests {
    /// A kernel and where its start must be.
    struct Row: CustomStringConvertible, Sendable {
        var source = "multiboot2.c"
        var processor = SampleKernel.Processor.i386
        var definition: String?
        var start: ClosedRange<UInt64> = 0x10_0000...0x11_0000

        private var isRelocatable: Bool { definition?.hasPrefix("RELOCATABLE") == true }
        var kernel: SampleKernel {
            let script = Project.kernels.appending("multiboot.ld").string
            let placement = definition == "ADDRESSES" ? ["-T", script] : ["--image-base=0x100000"]
            return SampleKernel(
                source: source, shape: isRelocatable ? .positionIndependent : .oneMebibyte,
                definitions: [definition].compactMap(\.self), processor: processor,
                linkage: .init("ld.lld", ["--fatal-warnings", "-static"] + placement))
        }
        var description: String {
            ([source, processor.rawValue] + [definition].compactMap(\.self)).joined(separator: " ")
        }
    }

    /// Kernels that are entered in 32-bit mode.
    static let rows: [Row] = [
        Row(), Row(processor: .x86),
        Row(definition: "ADDRESSES", start: 0x20_0000...0x21_0000),
        Row(processor: .x86, definition: "ADDRESSES", start: 0x20_0000...0x21_0000),
        Row(
            definition: "RELOCATABLE=0x800000,0x8000000,0x1000,2", start: 0x80_0000...0x800_0000),
        Row(
            processor: .x86, definition: "RELOCATABLE=0x800000,0x8000000,0x200000,1",
            start: 0x80_0000...0x800_0000),
        Row(source: "multiboot.c"), Row(source: "multiboot.c", processor: .x86),
        Row(
            source: "multiboot.c", definition: "ADDRESSES", start: 0x20_0000...0x21_0000),
    ]

    @Test(arguments: Firmware.allCases, rows)
    func `a kernel is entered in 32-bit mode, where it may be`(
        _ firmware: Firmware, _ row: Row
    ) async throws {
        let lines = try await Self.lines(row, on: firmware)
        #expect(lines.number("start").map(row.start.contains) == true, "\(lines.text)")
        let report = MultibootReport(lines: lines, isFirstVersion: row.source == "multiboot.c")
        report.expectEntry()
        report.expectInformation(on: firmware)
        if !report.isFirstVersion && row.definition != "ADDRESSES" { report.expectSections() }
    }

    /// Kernels with an entry for 64-bit UEFI, which use their other entry on BIOS.
    @Test func `a kernel is entered with boot services`() async throws {
        let row = Row(processor: .x86, definition: "EFI")
        let lines = try await Self.lines(row, on: .uefi)
        lines.expect("rax", 0x36D7_6289, mask: 0xFFFF_FFFF)
        lines.expect("rflags", 0x200, mask: 0x200)
        lines.expect("efer", 0x500, mask: 0x500)
        #expect(lines.texts("boot services") == ["active"], "\(lines.text)")
        lines.expect("get map", 0)
        lines.expect("exit boot services", 0)
        for tag in [4, 6, 17] as [UInt64] {
            #expect(!lines.rows("tag").contains { $0[0] == tag }, "tag \(tag):\n\(lines.text)")
        }
        #expect((lines.number("efi64 image handle") ?? 0) != 0, "\(lines.text)")
        #expect((lines.number("efi64 system table") ?? 0) != 0, "\(lines.text)")
        try await Self.lines(row, on: .bios).expect("eax", 0x36D7_6289)
    }

    @Test(arguments: Firmware.allCases, ["multiboot.c", "multiboot2.c"])
    func `the command line and modules`(_ firmware: Firmware, _ source: String) async throws {
        try await withTemporaryFolder { folder in
            let module = folder.appending("module.txt").string
            try Data("hello module\n".utf8).write(to: URL(filePath: module))
            let empty = folder.appending("empty").string
            try Data().write(to: URL(filePath: empty))
            let lines = try await Self.lines(
                Row(source: source), on: firmware,
                options: [
                    "--command-line", "quiet x=1", "--module", module + "=some text",
                    "--module", empty,
                ])
            #expect(lines.texts("command line") == ["quiet x=1"], "\(lines.text)")
            let modules = lines.rows("module")
            #expect(modules.map { $0[1] - $0[0] } == [13, 0], "\(lines.text)")
            #expect(modules.allSatisfy { $0[0] % 4096 == 0 }, "\(lines.text)")
            #expect(modules.first?[2] == 0x623B_017D_6269_0179, "\(lines.text)")
            #expect(lines.texts("module").first?.hasSuffix("some text") == true, "\(lines.text)")
        }
    }

    /// The ELF header of a kernel with addresses means nothing: here it names a table of section
    /// headers beyond the file's end.
    @Test(arguments: Firmware.allCases, ["multiboot.c", "multiboot2.c"])
    func `a kernel with addresses may have a damaged ELF header`(
        _ firmware: Firmware, _ source: String
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await Row(
                source: source, processor: .x86, definition: "ADDRESSES"
            ).kernel.build(in: folder)
            let file = URL(filePath: kernel.string)
            var bytes = try Data(contentsOf: file)
            bytes[44] = 1
            try bytes.write(to: file)
            _ = try KernelLines(await boot(kernel, on: firmware))
        }
    }

    @Test(arguments: Firmware.allCases)
    func `an unknown tag is ignored if it is optional`(_ firmware: Firmware) async throws {
        _ = try await Self.lines(Row(definition: "UNKNOWN=1"), on: firmware)
        let result = try await Self.result(Row(definition: "UNKNOWN=0"), on: firmware)
        #expect(!result.serial.contains("eax:"), "\(result.serial)")
        #expect(result.exitCode != 33, "\(result.serial)")
    }

    @Test(arguments: Firmware.allCases)
    func `a kernel gets the screen that it asks for`(_ firmware: Firmware) async throws {
        for row in [
            Row(definition: "FRAMEBUFFER=1024,768,32"),
            Row(source: "multiboot.c", definition: "VIDEO=0,1024,768,32"),
        ] {
            let lines = try await Self.lines(row, on: firmware)
            let values = lines.rows("framebuffer").first ?? []
            #expect(
                values.count > 7 && Array(values[2...5]) == [1024, 768, 32, 1], "\(lines.text)")
            #expect(Array(values.suffix(6)) == [16, 8, 8, 8, 0, 8], "\(lines.text)")
        }
    }

    private static func lines(
        _ row: Row, on firmware: Firmware, options: [String] = []
    ) async throws -> KernelLines {
        try KernelLines(await result(row, on: firmware, options: options))
    }

    private static func result(
        _ row: Row, on firmware: Firmware, options: [String] = []
    ) async throws -> BootResult {
        try await withTemporaryFolder { folder in
            try await boot(row.kernel.build(in: folder), on: firmware, options: options)
        }
    }
}
