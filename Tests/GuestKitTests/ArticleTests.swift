import DiskImage
import Foundation
import GuestKit
import SystemPackage
import TestSupport
import Testing

/// The example in GuestKit's documentation, and other guests that are a boot sector alone.
@Suite(.needs("qemu-system-x86_64"))
struct ArticleTests {
    private static func example(_ image: FilePath) throws -> TestResult {
        // begin example
        let machine = try Machine(MachineRequest(memory: MemorySize(argument: "128M")))
        let host = try QEMUHost.find(for: machine, .bios)
        let guest = QEMUInvocation(host: host, image: image, machine: machine)
        print(guest.commandLine)

        let result = try guest.test(limit: .seconds(60))
        print(result.isPass ? "passed" : "FAILED", result.summary)
        for line in result.serialLines { print("|", line) }
        // end example
        return result
    }

    @Test func `the documentation shows this example`() throws {
        let page = try String(
            contentsOfFile: Project.root.string + "/Sources/GuestKit/GuestKit.docc/GuestKit.md",
            encoding: .utf8)
        let listing = try #require(page.firstMatch(of: /```swift\n(?<code>[^`]+)```/)).code
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let body = try #require(
            source.firstMatch(of: /\/\/ begin example\n(?<code>(.*\n)+?) +\/\/ end example/)
        ).code
        let code = body.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " } }.joined(separator: "\n")
        #expect(code == listing)
    }

    @Test func `the example boots a guest that passes`() async throws {
        // Writes "hi" to the serial line, and 0x10 to port 0xF4.
        try await withImage("BAF803 B068 EE B069 EE B00A EE B010 E6F4 F4") { image in
            let result = try Self.example(image)
            #expect(result.verdict == .passed)
            #expect(result.isPass && result.summary == "passed")
            #expect(result.serialLines == ["hi"])
            #expect(result.tests.isEmpty && result.place == nil)
        }
    }

    @Test(
        arguments: [
            // Writes 0x11 to port 0xF4.
            ("B011 E6F4 F4", .success, .failed(status: 35), false),
            ("B011 E6F4 F4", .exit(35), .failed(status: 35), true),
            // Has the keyboard controller reset the processor.
            ("B0FE E664 F4", .success, .reset, false), ("B0FE E664 F4", .reset, .reset, true),
            // Halts without interrupts.
            ("FA F4", .success, .timedOut, false),
        ] as [(String, ExpectedOutcome, Verdict, Bool)])
    func `a guest's end is a verdict`(
        _ code: String, _ expectation: ExpectedOutcome, _ verdict: Verdict, _ isPass: Bool
    ) async throws {
        try await withImage(code) { image in
            let machine = try Machine()
            var guest = QEMUInvocation(
                host: try QEMUHost.find(for: machine, .bios), image: image, machine: machine)
            guest.extra = ["-no-reboot"]
            let limit: Duration = verdict == .timedOut ? .seconds(5) : .seconds(300)
            let result = try guest.test(limit: limit, expecting: expectation)
            #expect(result.verdict == verdict, "\(result.summary)")
            #expect(result.isPass == isPass)
        }
    }

    @Test func `an image that cannot boot is a verdict`() async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("disk.img")
            try Data(count: 1 << 20).write(to: URL(filePath: image.string))
            let machine = try Machine()
            let guest = QEMUInvocation(
                host: try QEMUHost.find(for: machine, .bios), image: image, machine: machine)
            guard case .nothingToBoot = try guest.test().verdict else {
                Issue.record("an empty disk booted")
                return
            }
        }
    }

    @Test func `a program that cannot be executed is an error`() throws {
        let host = QEMUHost(executable: "/etc/passwd", accelerator: .tcg, hasDisplay: false)
        let guest = QEMUInvocation(host: host, image: "none.img", machine: try Machine())
        #expect(throws: GuestError.notStarted("/etc/passwd", .permissionDenied)) {
            _ = try guest.test()
        }
    }

    /// Runs `body` with a disk of 1 MiB whose boot sector has this code, in hexadecimal.
    private func withImage(_ code: String, _ body: (FilePath) throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let image = folder.appending("disk.img")
            var bytes = Data(count: 1 << 20)
            let digits = Array(code.filter { $0 != " " })
            for index in stride(from: 0, to: digits.count, by: 2) {
                bytes[index / 2] = try #require(
                    UInt8(String(digits[index...(index + 1)]), radix: 16))
            }
            bytes.replaceSubrange(510..<512, with: [0x55, 0xAA])
            try bytes.write(to: URL(filePath: image.string))
            try body(image)
        }
    }
}
