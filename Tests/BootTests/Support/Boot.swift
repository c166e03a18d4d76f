import Foundation
import SystemPackage
import TestSupport
import Testing

/// The firmwares that a kernel must boot on.
enum Firmware: String, CaseIterable {
    case bios
    case uefi
}

/// What a guest said and how it ended.
struct BootResult {
    var serial: String
    var exitCode: Int32

    /// Fails the test, showing the serial log, unless the guest ended with success.
    func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(exitCode == 33, "the guest said:\n\(serial)", sourceLocation: sourceLocation)
    }

    /// Fails the test, showing the serial log, unless the guest said this.
    func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(
            serial.contains(text), "“\(text)” is not in:\n\(serial)",
            sourceLocation: sourceLocation)
    }
}

/// Lets few guests run at once: software emulation keeps a core busy for each.
actor BootSlots {
    static let shared = BootSlots(count: 3)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { free = count }

    /// Runs `body` when there is a slot for it.
    func run<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        await take()
        defer { giveBack() }
        return try await body()
    }

    private func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func giveBack() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}

/// For how many seconds a guest that should end may run: a busy machine of two cores takes over a
/// minute for what takes three seconds on an idle one.
let patience = 600

/// Boots an image or a kernel through `bootimage run` until it ends QEMU by itself.
///
/// A guest that does not end within `seconds` is killed; its exit code is then 124.
func boot(
    _ file: FilePath, on firmware: Firmware, options: [String] = [], qemu: [String] = [],
    seconds: Int = patience
) async throws -> BootResult {
    try await BootSlots.shared.run {
        let command =
            ["--kill-after=5", "\(seconds)", Project.bootimage.name, "run", file.string]
            + ["--firmware", firmware.rawValue, "--headless"] + options
            + ["--", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04", "-no-reboot"] + qemu
        let verdict = try await Tool(name: "timeout").run(command)
        return BootResult(
            serial: verdict.text.replacing("\r\n", with: "\n"), exitCode: verdict.exitCode)
    }
}
