import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ELFKit

/// `bootimage inspect`: the report, its JSON form and the exit code.
@Suite(.needs("clang", "ld.lld"))
struct InspectCommandTests {
    @Test(.needs("llvm-objdump")) func `a good kernel has no findings`() async throws {
        try await withKernel { folder, kernel in
            let verdict = try await Project.bootimage("inspect", kernel.string)
            verdict.expectSuccess()
            let lines = verdict.output.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.first == "\(kernel): loadable")
            #expect(!verdict.says("error:", "warning:", "note:"), "\(verdict.output)")
            let titles = lines.dropFirst().filter { !$0.isEmpty && !$0.hasPrefix(" ") }
            #expect(
                titles == [
                    "boot protocol: plain ELF", "segments", "sizes",
                    "kernel configuration (.bootloader-config)",
                ])
            #expect(lines.contains("  none; the defaults apply"))
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test(.needs("ld", "llvm-objdump"), arguments: WildLayout.allCases)
    func `an odd kernel can be loaded`(_ layout: WildLayout) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await layout.build(in: folder)
            let verdict = try await Project.bootimage("inspect", kernel.string)
            verdict.expectSuccess()
            #expect(
                verdict.says("[segment-writable-code]") == layout.hasWritableCode,
                "\(verdict.output)")
            #expect(verdict.says(" PT_NOTE ") == (layout == .noteOutside), "\(verdict.output)")
            #expect(!verdict.says("error:"))
        }
    }

    @Test func `all that keeps a kernel from being loaded is told at once`() async throws {
        try await withKernel { _, kernel in
            var bytes = try read(kernel)
            (bytes[16], bytes[18]) = (1, 243)
            try write(bytes, to: kernel)
            let verdict = try await Project.bootimage("inspect", kernel.string)
            #expect(verdict.exitCode == 65)
            #expect(verdict.error == "")
            #expect(
                verdict.output == """
                    \(kernel): not loadable
                      error: ELF header: e_machine is 243 (RISC-V), must be 62 (x86-64) or \
                    183 (AArch64); compile the kernel for x86_64 or aarch64 [elf-machine]
                      error: ELF header: e_type is 1 (ET_REL, an object file), must be 2 (ET_EXEC) \
                    or 3 (ET_DYN); link the kernel as an executable [elf-type]

                    """)
            try await Project.bootimage("build", kernel.string)
                .expectRefusal(65, saying: "[elf-machine]")
        }
    }

    @Test func `a file that is not ELF is called that`() async throws {
        try await withKernel { _, kernel in
            for bytes: [UInt8] in [[], [1, 2, 3, 4]] {
                try write(bytes, to: kernel)
                let verdict = try await Project.bootimage("inspect", kernel.string)
                #expect(verdict.exitCode == 65)
                #expect(verdict.says("the file is empty", "not an ELF file"), "\(verdict.output)")
            }
        }
    }

    @Test(.needs("timeout")) func `what cannot be read has no report`() async throws {
        try await withTemporaryFolder { folder in
            try await Project.bootimage("inspect", "\(folder)/none")
                .expectRefusal(66, saying: "\(folder)/none")
            for name in [folder.string, "/dev/zero"] {
                try await Tool(name: "timeout")("10", Project.bootimage.name, "inspect", name)
                    .expectRefusal(65, saying: name)
            }
        }
    }

    @Test func `JSON has every key, whatever the file is called`() async throws {
        let name = "-@\"\\\u{1}\n\u{7f}\u{85}\u{2028}é.elf"
        try await withKernel(named: name) { folder, kernel in
            let good = try await Self.report(kernel)
            #expect(good.file == kernel.string)
            #expect(good.format == "elf")
            #expect(good.loadable)
            #expect(good.kernel?.type == "ET_EXEC")
            #expect(good.segments.contains { $0.type == "PT_LOAD" && $0.flags == "r-x" })
            #expect(good.sizes.loaded.map { $0 <= good.sizes.file } == true)
            try write([1, 2, 3, 4, 5], to: kernel)
            let bad = try await Self.report(kernel, exitCode: 65)
            #expect(bad.format == nil && !bad.loadable && bad.kernel == nil)
            #expect(bad.findings.map(\.code) == ["elf-magic"])
            #expect(bad.findings.first?.found == "01 02 03 04")
            #expect(bad.findings.first?.allowed == "7f 45 4c 46")
        }
    }

    @Test func `the kernel configuration is reported as text and as JSON`() async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "mappings.c", shape: .positionIndependent, definitions: ["FIXED"]
            ).build(in: folder)
            let report = try await Self.report(kernel)
            let configuration = try #require(report.boot_configuration)
            #expect(configuration.count == 14)
            let text = try await Project.bootimage("inspect", kernel.string).output
            for (name, value) in configuration {
                let line = text.split(separator: "\n").first { $0.hasPrefix("  \(name) ") }
                #expect(line != nil, "\(name) is not in:\n\(text)")
                guard case .string(let value) = value, value.hasPrefix("0x") else { continue }
                #expect(line?.contains(value) == true, "\(name): \(value)")
            }
        }
    }

    @Test(.needs("strace")) func `a kernel is read and never mapped`() async throws {
        try await withKernel { folder, kernel in
            let trace = folder.appending("trace")
            for command in [["inspect"], ["build", "--firmware", "bios"]] {
                try await Tool(name: "strace").succeed(
                    ["-y", "-e", "trace=mmap,pread64", "-o", trace.string]
                        + [Project.bootimage.name] + command + [kernel.string])
                let lines = String(decoding: try read(trace), as: UTF8.self)
                    .split(separator: "\n").filter { $0.contains("/kernel.elf>") }
                #expect(lines.contains { $0.hasPrefix("pread64") })
                #expect(!lines.contains { $0.hasPrefix("mmap") }, "\(lines)")
            }
        }
    }
}

extension InspectCommandTests {
    /// What docs/inspect.md says about the object.
    struct Report: Decodable {
        struct Finding: Decodable {
            var severity, code, message, place, field, remedy: String
            var found, allowed: String?
        }
        struct Kernel: Decodable { var type, machine, entry: String }
        struct Segment: Decodable {
            var index, file_size, memory_size: UInt64
            var type, file_offset, virtual_address, flags, alignment: String
        }
        struct Sizes: Decodable {
            var file, debug_information: UInt64
            var loaded, memory: UInt64?
        }
        enum Wish: Decodable {
            case string(String), number(UInt64), bool(Bool), null

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .string(text)
                } else if let flag = try? container.decode(Bool.self) {
                    self = .bool(flag)
                } else {
                    self =
                        container.decodeNil() ? .null : .number(try container.decode(UInt64.self))
                }
            }
        }

        var file: String
        var format: String?
        var loadable: Bool
        var findings: [Finding]
        var kernel: Kernel?
        var segments: [Segment]
        var sizes: Sizes
        var boot_configuration: [String: Wish]?
    }

    static func report(_ kernel: FilePath, exitCode: Int32 = 0) async throws -> Report {
        let verdict = try await Project.bootimage("inspect", "--json", "--", kernel.string)
        #expect(verdict.exitCode == exitCode, "\(verdict.text)")
        let bytes = Data(verdict.output.utf8)
        let members = try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
        #expect(
            members?.keys.sorted() == [
                "boot_configuration", "boot_protocol", "boot_requests", "file", "findings",
                "format", "kernel", "loadable", "segments", "sizes",
            ])
        return try JSONDecoder().decode(Report.self, from: bytes)
    }
}
