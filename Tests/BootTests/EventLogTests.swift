import SystemPackage
import TestSupport
import Testing

/// The log of a TPM that Fixtures/firmware/event_log.c pretends to be.
@Suite(.needs("clang", "ld.lld", "lld-link", "mcopy", "qemu-system-x86_64", "timeout"))
struct EventLogTests {
    @Test(
        arguments: [
            (format: 2, last: 2, byteCount: 146, hash: 0x10A2_0C86_727C_A93F),
            (2, 1, 69, 0x53F0_7895_69F3_4CEB), (1, 2, 106, 0x5AEE_37B6_9CC4_A6B4),
            (1, 1, 69, 0x53F0_7895_69F3_4CEB), (2, 0, 0, 0xCBF2_9CE4_8422_2325),
        ] as [(Int, Int, UInt64, UInt64)])
    func `a Limine kernel gets a copy of the log`(
        _ format: Int, _ last: Int, _ byteCount: UInt64, _ hash: UInt64
    ) async throws {
        let lines = try await Self.lines(["FORMAT=\(format)", "LAST=\(last)", "DIGEST=11"])
        let values = lines.lines(after: "tpm event log", named: ["value"])
            .compactMap { KernelLines.numbers(in: $0.values).first }
        #expect(values.prefix(2) == [UInt64(format), byteCount], "\(lines.text)")
        #expect((values.last == 0) == (byteCount == 0), "\(lines.text)")
        #expect(lines.rows("log hash") == [[hash]], "\(lines.text)")
    }

    @Test func `a log whose last event has an unknown digest is left out`() async throws {
        let lines = try await Self.lines(["FORMAT=2", "LAST=2", "DIGEST=12"])
        #expect(lines.texts("tpm event log") == ["none"], "\(lines.text)")
    }

    private static func lines(_ definitions: [String]) async throws -> KernelLines {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "limine.c", shape: .higherHalf, definitions: ["BASE_REVISION=6"]
            ).build(in: folder)
            let image = folder.appending("log.img")
            try await Project.bootimage.succeed(
                ["build", kernel.string, "--firmware", "uefi", "--output", image.string])
            try await OtherFirmware(source: "event_log.c", definitions: definitions)
                .replaceLoader(in: image, folder)
            return try KernelLines(try await boot(image, on: .uefi))
        }
    }
}
