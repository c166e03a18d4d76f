@testable import ELFKit
@testable import ELFSamples
import SystemPackage
import Testing

/// A build that replaces the kernel while it is read causes an error, not a crash.
@Suite("Files that shrink while they are read")
struct TruncationTests {
    /// Opens a kernel with sections, then truncates the file to `byteCount`.
    private static func withFile<Result>(
        endingAt byteCount: Int64, _ body: (KernelFile) throws -> Result
    ) throws -> Result {
        var kernel = ELFBuilder()
        kernel.addConfiguration(KernelConfiguration().encoded())
        return try withTemporaryFile(kernel.bytes()) { path in
            let descriptor = try FileDescriptor.open(path, .readWrite)
            return try descriptor.closeAfter {
                let file = try KernelFile(descriptor)
                try descriptor.resize(to: byteCount)
                return try body(file)
            }
        }
    }

    private static func shorten(_ file: KernelFile, to byteCount: Int64) throws {
        try file.descriptor.resize(to: byteCount)
    }

    @Test(arguments: [0, 1, 63, 64, 0x100, 0x440, 0x480])
    func `shrinking before libelf reads is an error`(byteCount: Int64) throws {
        for stopsAtFirst in [true, false] {
            try Self.withFile(endingAt: byteCount) { file in
                let problem = #expect(throws: ELFError.Problem.self) {
                    try KernelReading(file, ProblemCollector(stopsAtFirst: stopsAtFirst))
                }
                guard case .shrankWhileRead = problem else {
                    Issue.record("\(problem.map(String.init(describing:)) ?? "loaded")")
                    return
                }
            }
        }
    }

    @Test func `shrinking while libelf reads is an error, because libelf maps nothing`() throws {
        try Self.withFile(endingAt: 0x700) { file in
            let elf = try LibELF(file)
            try Self.shorten(file, to: 0x41)
            #expect(throws: ELFError.Problem.shrankWhileRead(offset: 0x41)) {
                try elf.programHeaders(count: 2)
            }
        }
        try Self.withFile(endingAt: 0x700) { file in
            let elf = try LibELF(file)
            #expect(try elf.programHeaders(count: 2).count == 2)
            try Self.shorten(file, to: 0x400)
            #expect(throws: ELFError.Problem.shrankWhileRead(offset: 0x400)) {
                try elf.sectionHeaders(count: 3)
            }
        }
    }
}
