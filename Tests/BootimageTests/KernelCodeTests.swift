import ELFKit
import SystemPackage
import TestSupport
import Testing

/// The sample kernel's code, as `make kernel` built it: what interrupts would break is not in it.
@Suite(.needs(Project.sampleKernel.string, "llvm-objdump"))
struct KernelCodeTests {
    /// A kind of instruction that a kernel must not have.
    struct Danger: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var example: String
        var isShown: @Sendable (Substring) -> Bool
    }

    static let dangers = [
        Danger(testDescription: "vector registers", example: "movaps\t%xmm0, (%rdi)") { line in
            ["%xmm", "%ymm", "%zmm", "%mm"].contains { line.contains($0) }
        },
        Danger(testDescription: "floating point", example: "fldl\t(%rax)") { line in
            line.contains("%st")
                || ["fld", "fst", "fild", "fist"].contains {
                    line.contains("\t\($0)")
                }
        },
        Danger(
            testDescription: "memory below the stack pointer", example: "movq\t%rax, -0x8(%rsp)"
        ) { line in
            line.contains(/-0x[0-9a-f]+\(%rsp/) && !line.contains("\tlea")
        },
    ]

    @Test(arguments: dangers)
    func `no instruction uses`(_ danger: Danger) async throws {
        #expect(danger.isShown("\t\(danger.example)"))
        let lines = try await Self.instructions()
        #expect(lines.count > 1000)
        #expect(lines.filter(danger.isShown) == [])
    }

    @Test func `it is linked for one address, without a dynamic linker`() throws {
        let kernel = try KernelELF.load(Project.sampleKernel)
        #expect(kernel.kind == .executable)
        #expect(kernel.relocations.isEmpty)
        #expect(kernel.warnings == [])
    }

    private static func instructions() async throws -> [Substring] {
        let verdict = try await Tool(name: "llvm-objdump").succeed(
            ["--disassemble", "--no-show-raw-insn", Project.sampleKernel.string])
        return verdict.output.split(separator: "\n").filter { $0.contains(":") }
    }
}
