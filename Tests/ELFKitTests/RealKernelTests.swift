import ELFKit
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Kernels compiled by clang and linked by ld.lld", .needs("clang", "ld.lld", "readelf"))
struct RealKernelTests {
    /// How to link a kernel, and the expected number of relocations.
    struct Recipe: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let compilerOptions: [String]
        let linkerOptions: [String]
        let kind: KernelELF.Kind
        let relativeCount: UInt64?
    }

    private static let source = """
        static int table[4] = {1, 2, 3, 4};
        int zeroes[5000];
        __thread int threadLocal = 7;
        int *const pointer = table;
        int *volatile pointers[2] = {&table[1], &zeroes[2]};
        void _start(void) { for (;;) zeroes[*pointer] += *pointers[0] + threadLocal; }
        """

    static let recipes = [
        Recipe(
            testDescription: "at 1 MiB", compilerOptions: ["-fno-pic"],
            linkerOptions: ["-static", "--image-base=0x100000"], kind: .executable,
            relativeCount: nil),
        Recipe(
            testDescription: "in the higher half",
            compilerOptions: ["-fno-pic", "-mcmodel=kernel"],
            linkerOptions: ["-static", "--image-base=0xffffffff80000000"], kind: .executable,
            relativeCount: nil),
        Recipe(
            testDescription: "position-independent", compilerOptions: ["-fPIE"],
            linkerOptions: ["-pie", "--no-dynamic-linker", "-z", "relro"],
            kind: .positionIndependent, relativeCount: 3),
        Recipe(
            testDescription: "position-independent, segments on shared pages",
            compilerOptions: ["-fPIE"],
            linkerOptions: ["-pie", "--no-dynamic-linker", "-z", "max-page-size=16"],
            kind: .positionIndependent, relativeCount: 3),
        Recipe(
            testDescription: "with one writable and executable segment",
            compilerOptions: ["-fno-pic"], linkerOptions: ["-static", "--omagic"],
            kind: .executable, relativeCount: nil),
    ]

    @Test(arguments: recipes)
    func `segments and entry point agree with readelf`(_ recipe: Recipe) async throws {
        try await Self.withKernel(recipe) { path in
            let kernel = try KernelELF.load(path)
            let verdict = try await Tool(name: "readelf").succeed(["-lW", path.string])
            let headers = ReadelfHeaders(verdict.output)
            #expect(kernel.entry == headers.entry)
            #expect(kernel.kind == recipe.kind)
            #expect(kernel.segments.map(ReadelfHeaders.line) == headers.lines("LOAD"))
            #expect(kernel.relocations.first?.counts[.relative] == recipe.relativeCount)
            #expect(kernel.tls?.fileRange.count == 4)
            #expect((kernel.relro != nil) == !headers.lines("GNU_RELRO").isEmpty)
            #expect(kernel.configuration == nil)
        }
    }

    @Test func `symbols and sections are not loaded and may be missing`() async throws {
        try await Self.withKernel(Self.recipes[0]) { path in
            let whole = try KernelELF.load(path)
            #expect(whole.loadedFileRange.upperBound < whole.fileByteCount)
            try await Self.withKernel(Self.recipes[0], ["--strip-all"]) { path in
                let stripped = try KernelELF.load(path)
                #expect(stripped.segments == whole.segments)
            }
        }
    }

    @Test func `a program of the host is refused as one for Linux`() throws {
        let error = #expect(throws: ELFError.self) { try KernelELF.load("/bin/ls") }
        #expect(error?.problem.rule == .linuxProgram)
        #expect(error?.description.contains(": a Linux program, not a kernel; ") == true)
    }

    /// Compiles and links the source and calls `body` with the kernel.
    private static func withKernel(
        _ recipe: Recipe, _ more: [String] = [], _ body: (FilePath) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let (source, object) = (folder.appending("kernel.c"), folder.appending("kernel.o"))
            let kernel = folder.appending("kernel")
            try Self.source.write(toFile: source.string, atomically: false, encoding: .utf8)
            try await Tool(name: "clang").succeed(
                ["--target=x86_64-unknown-none-elf", "-ffreestanding", "-O1", "-c"]
                    + recipe.compilerOptions + [source.string, "-o", object.string])
            try await Tool(name: "ld.lld").succeed(
                ["-m", "elf_x86_64"] + recipe.linkerOptions + more
                    + [object.string, "-o", kernel.string])
            try await body(kernel)
        }
    }
}

/// The program headers in the output of `readelf -lW`.
private struct ReadelfHeaders {
    private let text: String

    init(_ text: String) { self.text = text }

    var entry: UInt64? {
        let line = text.split(separator: "\n").first { $0.hasPrefix("Entry point 0x") }
        return line.flatMap { UInt64($0.dropFirst(14), radix: 16) }
    }

    /// Offset, address, file and memory size, flags and alignment of the headers of a type.
    func lines(_ type: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            var words = line.split(separator: " ").map(String.init)
            guard words.first == type, words.count >= 8 else { return nil }
            let alignment = words.removeLast()
            let numbers = [1, 2, 4, 5].map { UInt64(words[$0].dropFirst(2), radix: 16) ?? .max }
            let flags = words[6...].joined()
            return Self.line(numbers, flags, UInt64(alignment.dropFirst(2), radix: 16) ?? .max)
        }
    }

    static func line(_ segment: LoadSegment) -> String {
        let flags: [(LoadSegment.Permissions, String)] = [
            (.read, "R"), (.write, "W"), (.execute, "E"),
        ]
        let offset = segment.fileByteCount == 0 ? 0 : segment.fileRange.lowerBound
        return line(
            [offset, segment.virtualAddress, segment.fileByteCount, segment.memoryByteCount],
            flags.filter { segment.permissions.contains($0.0) }.map(\.1).joined(),
            segment.alignment)
    }

    private static func line(_ numbers: [UInt64], _ flags: String, _ alignment: UInt64) -> String {
        // Without bytes in the file, the offset is meaningless.
        let known = numbers[2] == 0 ? [0] + numbers[1...] : numbers
        return (known + [alignment]).map { String($0, radix: 16) }.joined(separator: " ") + flags
    }
}
