import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `bootimage test --json` says.
struct TestRun: Decodable {
    struct Result: Decodable {
        struct Test: Decodable {
            let name: String
            let outcome: String
            let remarks: [String]
        }

        let name: String
        let firmware: String
        let pass: Bool
        let verdict: String
        let message: String
        let attempts: Int
        let milliseconds: Int
        let function: String?
        let line: String?
        let tests: [Test]
        let serial: [String]
    }

    let passed: Int
    let failed: Int
    let results: [Result]

    /// Runs the command, whose exit status must agree with its results.
    static func of(
        _ arguments: [String], workingDirectory: FilePath? = nil
    ) async throws -> TestRun {
        try await BootSlots.shared.run {
            let verdict = try await Project.bootimage.run(
                ["test", "--json"] + arguments, workingDirectory: workingDirectory)
            let run = try #require(
                try? JSONDecoder().decode(TestRun.self, from: Data(verdict.output.utf8)),
                "\(verdict.text)")
            #expect(verdict.exitCode == (run.failed == 0 ? 0 : 1), "\(verdict.text)")
            return run
        }
    }

    /// The result of a file, by its name without `.elf` or `.img`.
    func result(_ name: String, on firmware: Firmware) throws -> Result {
        try #require(results.first { $0.name == name && $0.firmware == firmware.rawValue })
    }
}

/// Kernels that end each in its own way: Fixtures/kernels/verdicts.c.
enum VerdictKernel: String, CaseIterable {
    case pass = "PASS"
    case fail = "FAIL"
    case hang = "HANG"
    case pageFault = "PAGE_FAULT"
    case stackOverflow = "STACK_OVERFLOW"
    case reset = "RESET"
    case panicDevice = "PANIC_DEVICE"
    case panicText = "PANIC_TEXT"
    case undefined = "UNDEFINED"
    case callNothing = "CALL_NOTHING"
    case stuckHandler = "STUCK_HANDLER"
    case faultyHandler = "FAULTY_HANDLER"
    case breakpoint = "BREAKPOINT"
    case largeFrames = "LARGE_FRAMES"

    /// Builds the kernel with debug information, into a file of its name in a folder.
    func build(
        in folder: FilePath, shape: SampleKernel.Shape = .higherHalf,
        processor: SampleKernel.Processor = .x86
    ) async throws -> String {
        try await Self.build(
            rawValue, ["ENDING=\(rawValue)"], in: folder, shape: shape, processor: processor)
    }

    /// Builds a kernel that ends QEMU by writing that byte to `isa-debug-exit`.
    static func ending(
        with code: Int, in folder: FilePath
    ) async throws -> String {
        try await build("exit-\(code)", ["ENDING=EXIT", "CODE=\(code)"], in: folder)
    }

    private static func build(
        _ name: String, _ definitions: [String], in folder: FilePath,
        shape: SampleKernel.Shape = .higherHalf, processor: SampleKernel.Processor = .x86
    ) async throws -> String {
        let kernel = SampleKernel(
            source: "verdicts.c", shape: shape, definitions: definitions, hasDebugInfo: true,
            processor: processor)
        let path = folder.appending(name + ".elf")
        let built = try await kernel.build(in: folder).string
        try FileManager.default.moveItem(atPath: built, toPath: path.string)
        return path.string
    }
}
