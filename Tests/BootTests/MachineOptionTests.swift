import SystemPackage
import TestSupport
import Testing

/// What `run` and `test` offer of QEMU's machines, booted.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64"))
struct MachineOptionTests {
    @Test(arguments: ["ahci", "ide", "nvme", "virtio", "usb"], Firmware.allCases)
    func `a kernel boots from every disk`(_ disk: String, _ firmware: Firmware) async throws {
        try await Self.expectPass(["--disk", disk, "--firmware", firmware.rawValue])
    }

    @Test(arguments: [
        ["--machine", "pc", "--disk", "ahci"], ["--memory", "64M"], ["--cpus", "4"],
    ])
    func `a kernel boots on another machine`(_ options: [String]) async throws {
        try await Self.expectPass(options + ["--firmware", "bios"])
    }

    private static func expectPass(_ options: [String]) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await VerdictKernel.pass.build(in: folder)
            let run = try await TestRun.of([kernel] + options)
            let result = try #require(run.results.first)
            #expect(result.pass, "\(result.message)\n\(result.serial.joined(separator: "\n"))")
        }
    }
}
