import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit
@testable import GuestKit

/// What `inspect` finds in the code of a kernel.
@Suite struct CodeAuditTests {
    private static func findings(_ lines: String) -> [String: String] {
        var audit = CodeAudit()
        for line in lines.split(separator: "\n") { audit.take(line) }
        return Dictionary(
            uniqueKeysWithValues: audit.findings.map { ($0.rule.rawValue, $0.message) })
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var instructions: String
        var rule: String?

        init(_ sentence: String, _ instructions: String, _ rule: ELFRule? = nil) {
            (testDescription, self.instructions) = (sentence, instructions)
            self.rule = rule?.rawValue
        }
    }

    @Test(arguments: [
        Row("general registers", "movq\t%rax, 8(%rsp)"),
        Row("an SSE register", "movaps\t%xmm0, (%rdi)", .codeSSE),
        Row("an AVX register", "vzeroall; vmovaps\t%ymm3, %ymm4", .codeSSE),
        Row("an address with xmm in the comment", "movl\t4167(%rip), %eax # <xmm> %xmm0"),
        Row("the top of the stack", "movl\t%eax, (%rsp)"),
        Row("below the stack", "movl\t%eax, -4(%rsp)", .codeRedZone),
        Row("below the stack in hexadecimal", "movl\t%eax, -0x4(%rsp)", .codeRedZone),
        Row("below the stack with an index", "movl\t-128(%rsp,%rcx,4), %eax", .codeRedZone),
        Row("a move of the stack pointer", "leaq\t-0x80(%rsp), %rsp"),
        Row("below the stack in a function that calls", "callq\t0x1000; movl\t%eax, -4(%rsp)"),
        Row("below an empty frame", "movq\t%rsp, %rbp; movl\t%eax, -4(%rbp)", .codeRedZone),
        Row("in a frame", "movq\t%rsp, %rbp; subq\t$0x10, %rsp; movl\t%eax, -0x10(%rbp)"),
        Row(
            "below a frame", "movq\t%rsp, %rbp; subq\t$16, %rsp; movl\t%eax, -17(%rbp)",
            .codeRedZone),
        Row(
            "in a frame by addition",
            "movq\t%rsp, %rbp; addq\t$-128, %rsp; movl\t%eax, -128(%rbp)"),
        Row(
            "a register pushed into a frame",
            "movq\t%rsp, %rbp; pushq\t%rbx; movl\t%eax, -8(%rbp)"),
        Row("in an aligned frame", "movq\t%rsp, %rbp; andq\t$-64, %rsp; movl\t%eax, -256(%rbp)"),
        Row("%rbp for something else", "movq\t%rdi, %rbp; movl\t%eax, -8(%rbp)"),
    ])
    func function(_ row: Row) {
        let lines = row.instructions.split(separator: ";").enumerated().map { index, text in
            "  10116\(index):      \t\(text.drop { $0 == " " })"
        }
        let found = Self.findings(
            "0000000000101160 <f>:\n" + lines.joined(separator: "\n"))
        #expect(Array(found.keys) == (row.rule.map { [$0] } ?? []))
    }

    @Test func `the first few functions are named, and all are counted`() {
        let functions = (0..<7).map { "0000000000101160 <f\($0)>:\n 1:\tpxor\t%xmm0, %xmm0\n" }
        #expect(
            Self.findings(functions.joined())["code-sse"]
                == "uses SSE or AVX registers in 7 functions: f0, f1, f2, f3, f4, …")
        #expect(
            Self.findings(functions[0])["code-sse"]
                == "uses SSE or AVX registers in 1 function: f0")
    }

    @Test func `without code nothing was looked at`() {
        #expect(
            Array(Self.findings("<stdin>: file format elf64-x86-64\n").keys) == ["code-not-seen"])
    }
}

/// The same of real kernels, through the command.
@Suite(.needs("clang", "ld.lld", "llvm-objdump"))
struct CodeInspectionTests {
    private static let source = """
        double number;
        int leaf(int n) { volatile int a[4]; a[0] = n; return a[0]; }
        void twice(void) { number = number * 2; }
        void _start(void) { for (;;) { leaf(1); twice(); } }
        """

    private static func inspect(
        _ options: [String], linking: [String] = [],
        environment: @Sendable (FilePath) throws -> String? = { _ in nil }
    ) async throws -> Tool.Verdict {
        try await withTemporaryFolder { folder in
            let (object, kernel) = (folder.appending("k.o").string, folder.appending("k").string)
            try write(source.utf8, to: folder.appending("k.c"))
            try await Tool(name: "clang").succeed(
                ["--target=x86_64-unknown-none-elf", "-ffreestanding", "-fno-inline", "-O1"]
                    + options + ["-c", "\(folder)/k.c", "-o", object])
            try await Tool(name: "ld.lld").succeed(
                ["-static", "--image-base=0x100000", object, "-o", kernel] + linking)
            let path = try environment(folder)
            return try await Project.bootimage.run(
                ["inspect", kernel],
                environment: path.map { ["PATH": $0] } ?? [:])
        }
    }

    @Test(arguments: ["-fno-omit-frame-pointer", "-fomit-frame-pointer"])
    func `a compiler's defaults are warned of`(_ frame: String) async throws {
        let verdict = try await Self.inspect([frame])
        verdict.expectSuccess()
        #expect(verdict.says("SSE or AVX registers in 1 function: twice;"), "\(verdict.text)")
        #expect(verdict.says("pointer in 1 function: leaf;"), "\(verdict.text)")
    }

    @Test(arguments: ["-fno-omit-frame-pointer", "-fomit-frame-pointer"])
    func `a kernel's flags are not`(_ frame: String) async throws {
        let verdict = try await Self.inspect(
            [frame, "-mno-red-zone", "-mno-sse", "-msoft-float"]
                + ["-Dnumber=whole", "-Ddouble=long"])
        verdict.expectSuccess()
        #expect(!verdict.says("[code-"), "\(verdict.text)")
    }

    @Test func `debug information is told by its size`() async throws {
        let flags = ["-mno-red-zone", "-mno-sse", "-Ddouble=long"]
        let verdict = try await Self.inspect(flags + ["-g"])
        #expect(verdict.says("[debug-information]"), "\(verdict.text)")
        let stripped = try await Self.inspect(flags + ["-g"], linking: ["--strip-debug"])
        #expect(!stripped.says("[debug-information]"), "\(stripped.text)")
        #expect(stripped.says("debug information     0 bytes"), "\(stripped.text)")
    }

    @Test func `without llvm-objdump a note says so`() async throws {
        let verdict = try await Self.inspect([]) { try makeFolder($0.appending("bin")).string }
        verdict.expectSuccess()
        #expect(verdict.says("note: the code was not searched"), "\(verdict.text)")
        #expect(verdict.says("llvm-objdump is not on PATH"), "\(verdict.text)")
    }

    @Test(arguments: [
        ("exit 3", "ended with status 3"), ("kill -SEGV $$", "ended by signal 11"),
    ])
    func `a failing llvm-objdump is reported`(_ command: String, _ words: String) async throws {
        let verdict = try await Self.inspect(disassembler: command)
        verdict.expectSuccess()
        #expect(verdict.says(words), "\(verdict.text)")
    }

    @Test func `a signal during the disassembly ends inspect`() async throws {
        let verdict = try await Self.inspect(disassembler: "kill -INT $PPID; exec /bin/sleep 600")
        #expect(verdict.exitCode == 130, "\(verdict.text)")
        #expect(verdict.error == "bootimage: interrupted by signal 2\n")
        #expect(verdict.output.isEmpty)
    }

    /// Runs `inspect` with a shell command as llvm-objdump.
    private static func inspect(disassembler command: String) async throws -> Tool.Verdict {
        try await inspect([]) { folder in
            let bin = try makeFolder(folder.appending("bin"))
            let program = bin.appending("llvm-objdump")
            try write("#!/bin/sh\n\(command)\n".utf8, to: program)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755], ofItemAtPath: program.string)
            return bin.string
        }
    }
}
