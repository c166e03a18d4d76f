import Foundation
import SystemPackage
import TestSupport
import Testing

/// Kernels for the Limine boot protocol.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct LimineTests {
    @Test(arguments: Firmware.allCases, 0...6)
    func `a kernel is entered as its base revision says`(
        _ firmware: Firmware, _ revision: Int
    ) async throws {
        let report = try await Self.report(["BASE_REVISION=\(revision)"], revision, on: firmware)
        #expect(
            report.lines.rows("base revision") == [
                [0xF956_2B2D_5C95_A6C8], [UInt64(revision)], [0],
            ], "\(report.lines.text)")
        report.lines.expect("entered at elf entry", 1)
        report.expectProcessor()
        report.expectMaskedInterrupts()
        report.expectMemoryMap()
        report.expectMappings()
    }

    @Test(arguments: Firmware.allCases)
    func `without a tag, the base revision is 0`(_ firmware: Firmware) async throws {
        let report = try await Self.report([], 0, on: firmware)
        report.expectProcessor()
        report.expectMemoryMap()
        report.expectMappings()
    }

    @Test(arguments: Firmware.allCases)
    func `a position-independent kernel is moved up`(_ firmware: Firmware) async throws {
        let report = try await Self.report(
            ["BASE_REVISION=3"], 3, on: firmware, shape: .positionIndependent)
        report.expectProcessor()
        report.expectMappings()
    }

    /// The linker's options for a position-independent kernel: one that is moved up, and one that
    /// has no room above it.
    private static let places = ["0", "0xfffffffffff80000"].map { base in
        SampleKernel.Linkage(
            "ld.lld",
            ["--fatal-warnings", "-pie", "--no-dynamic-linker", "--image-base=\(base)"])
    }

    @Test(arguments: Firmware.allCases, places)
    func `with aslr, a kernel is at random addresses`(
        _ firmware: Firmware, _ linkage: SampleKernel.Linkage
    ) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "limine.c", shape: .positionIndependent,
                definitions: ["BASE_REVISION=3"], linkage: linkage
            ).build(in: folder)
            let settings = folder.appending("boot.json").string
            try Data(#"{"aslr": true}"#.utf8).write(to: URL(filePath: settings))
            let result = try await boot(kernel, on: firmware, options: ["--boot-config", settings])
            let report = LimineReport(lines: try KernelLines(result), revision: 3)
            report.expectProcessor()
            report.expectMemoryMap()
            report.expectMappings()
            #expect(report.hhdm != 0xFFFF_8000_0000_0000 && report.hhdm % (1 << 30) == 0)
        }
    }

    @Test(arguments: Firmware.allCases, [3, 6])
    func `other processors are entered alike`(
        _ firmware: Firmware, _ revision: Int
    ) async throws {
        let report = try await Self.report(
            ["BASE_REVISION=\(revision)"], revision, on: firmware, qemu: ["-smp", "3"])
        let lines = report.lines
        lines.expect("mp count", 3)
        lines.expect("mp flags", 0)
        #expect(Set((0..<3).compactMap { lines.number("cpu \($0) hardware id") }) == [0, 1, 2])
        let boot = lines.number("mp boot processor")
        for index in 0..<3 where lines.number("cpu \(index) hardware id") != boot {
            let information = lines.number("cpu \(index) info") ?? 0
            lines.expect("cpu \(index) argument", 0x1234 + UInt64(index))
            report.expectProcessor("cpu \(index) ", argument: information)
        }
        report.expectMemoryMap()
    }

    @Test(arguments: Firmware.allCases)
    func `the requests' answers`(_ firmware: Firmware) async throws {
        try await withTemporaryFolder { folder in
            let report = try await Self.report(
                ["BASE_REVISION=6"], 6, on: firmware,
                options: ProtocolKernel.parameters(in: folder))
            ProtocolKernel.limine.expectParameters(report.lines)
            Self.expectAnswers(report, on: firmware)
        }
    }

    private static func expectAnswers(_ report: LimineReport, on firmware: Firmware) {
        let lines = report.lines
        #expect(report.value(after: "firmware type") == (firmware == .bios ? 0 : 2))
        #expect(report.value(after: "paging mode") == 0)
        #expect(lines.texts("kernel file").allSatisfy { $0.hasPrefix("/") })
        #expect(lines.texts("module file").map { $0.hasPrefix("/") } == [true])
        #expect(lines.rows("file address").allSatisfy { $0[0] % 4096 == 0 })
        let age = Date.now.timeIntervalSince1970 - Double(report.value(after: "date") ?? 0)
        #expect(abs(age) < 86_400, "\(lines.text)")
        let tables = ["efi system table", "efi memory map"].map { lines.texts($0) != ["none"] }
        #expect(tables == [firmware == .uefi, firmware == .uefi])
        for name in ["riscv bsp", "tpm event log", "device tree"] {
            #expect(lines.texts(name) == ["none"], "\(name):\n\(lines.text)")
        }
        // "RSD PTR ", read through the address that the response has.
        #expect(
            lines.lines(after: "rsdp", named: ["table"]).first.map {
                KernelLines.numbers(in: $0.values).last == 0x2052_5450_2044_5352
            } == true, "\(lines.text)")
        for screen in lines.rows("screen") {
            #expect(screen[3] >= screen[1] * screen[4] / 8 && screen[4] == 32)
            #expect(Array(screen[5...]) == [1, 8, 16, 8, 8, 8, 0], "\(lines.text)")
        }
        expectTerminal(lines, fontHeight: firmware == .bios ? 16 : 19)
    }

    /// Checks Flanterm's parameters: its own default colours, and the firmware's font.
    private static func expectTerminal(_ lines: KernelLines, fontHeight: UInt64) {
        lines.expect("terminal canvas", 0)
        #expect(
            lines.rows("terminal colours") == [
                [
                    0x00_0000, 0xAA_0000, 0x00_AA00, 0xAA_5500, 0x00_00AA, 0xAA_00AA, 0x00_AAAA,
                    0xAA_AAAA, 0x55_5555, 0xFF_5555, 0x55_FF55, 0xFF_FF55, 0x55_55FF, 0xFF_55FF,
                    0x55_FFFF, 0xFF_FFFF, 0x00_0000, 0xAA_AAAA, 0x55_5555, 0xFF_FFFF,
                ]
            ], "\(lines.text)")
        #expect(lines.rows("terminal font") == [[8, fontHeight, 1, 1, 1, 0, 0]], "\(lines.text)")
        let glyphs = lines.rows("glyph")
        guard glyphs.count == 6 else {
            Issue.record("no glyphs:\n\(lines.text)")
            return
        }
        // Nothing, a space, an exclamation mark, a letter, a horizontal line, a full block.
        #expect(glyphs[0].allSatisfy { $0 == 0 } && glyphs[1].allSatisfy { $0 == 0 })
        #expect(glyphs[2].contains(0x18), "\(glyphs[2])")
        #expect(Set(glyphs[3]).count > 4, "\(glyphs[3])")
        #expect(glyphs[4].contains(0xFF) && glyphs[4].contains(0), "\(glyphs[4])")
        #expect(glyphs[5].allSatisfy { $0 == 0xFF }, "\(glyphs[5])")
    }

    @Test(arguments: Firmware.allCases)
    func `the requested entry and stack`(_ firmware: Firmware) async throws {
        let lines = try await Self.report(
            ["BASE_REVISION=3", "ENTRY", "STACK_SIZE=0x40000"], 3, on: firmware
        ).lines
        lines.expect("entered at elf entry", 0)
        lines.expect("stack used", 0x40000)
    }

    @Test(arguments: Firmware.allCases)
    func `five levels of page tables`(_ firmware: Firmware) async throws {
        let report = try await Self.report(
            ["BASE_REVISION=3", "PAGING_MODE=1"], 3, on: firmware, qemu: ["-cpu", "max"])
        // A loader may choose four levels, as the kernel allows both.
        let mode = report.value(after: "paging mode")
        report.lines.expect("cr4", (mode ?? 0) << 12, mask: 1 << 12)
        report.expectProcessor()
        report.expectMappings()
    }

    @Test(arguments: Firmware.allCases)
    func `a request behind the end marker is ignored`(_ firmware: Firmware) async throws {
        let lines = try await Self.report(["BASE_REVISION=2", "OUTSIDE"], 2, on: firmware).lines
        lines.expect("outside", 0)
    }

    @Test(arguments: Firmware.allCases)
    func `base revision 0 may list its requests`(_ firmware: Firmware) async throws {
        let lines = try await Self.report(["BASE_REVISION=0", "REQUEST_LIST"], 0, on: firmware)
            .lines
        #expect(lines.texts("executable file") == ["none"], "\(lines.text)")
        #expect(lines.texts("memory map") != ["none"], "\(lines.text)")
    }

    /// The loader knows revisions up to 6; the host may refuse the kernel before.
    @Test(arguments: Firmware.allCases)
    func `a base revision of the future is refused`(_ firmware: Firmware) async throws {
        let result = try await Self.result(["BASE_REVISION=7"], on: firmware)
        #expect(!result.serial.contains("rflags:"), "\(result.serial)")
        #expect(result.exitCode != 33, "\(result.serial)")
    }

    private static func report(
        _ definitions: [String], _ revision: Int, on firmware: Firmware,
        shape: SampleKernel.Shape = .higherHalf, options: [String] = [], qemu: [String] = []
    ) async throws -> LimineReport {
        let result = try await result(
            definitions, on: firmware, shape: shape, options: options, qemu: qemu)
        return LimineReport(lines: try KernelLines(result), revision: revision)
    }

    private static func result(
        _ definitions: [String], on firmware: Firmware,
        shape: SampleKernel.Shape = .higherHalf, options: [String] = [], qemu: [String] = []
    ) async throws -> BootResult {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "limine.c", shape: shape, definitions: definitions
            ).build(in: folder)
            return try await boot(kernel, on: firmware, options: options, qemu: qemu)
        }
    }
}
