import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// A running virtual machine, looked at through QEMU's monitor.
struct Machine {
    private let folder: FilePath
    private let monitor: StandardInputWriter

    /// Makes a write to a machine that has ended an error, instead of the end of all tests.
    ///
    /// Programs that are started have the default action.
    private static let reportsBrokenPipes: Void = { _ = signal(SIGPIPE) { _ in } }()

    /// Boots a kernel or an image that does not end by itself, lets `body` look at it, ends it.
    static func running<Result: Sendable>(
        _ image: FilePath, on firmware: Firmware, folder: FilePath, qemu: [String] = [],
        _ body: @escaping @Sendable (Machine) async throws -> Result
    ) async throws -> Result {
        _ = reportsBrokenPipes
        return try await BootSlots.shared.run {
            let arguments =
                ["run", image.string, "--firmware", firmware.rawValue, "--headless", "--dry-run"]
                + ["--no-exit-device", "--", "-monitor", "stdio", "-serial"]
                + ["file:\(folder.appending("serial.log"))"] + qemu
            let start = FileManager.default.contents(atPath: image.string)?.prefix(4)
            if start?.elementsEqual([0x7F, 0x45, 0x4C, 0x46]) == true {
                try await Project.bootimage.succeed([
                    "build", image.string, "--firmware", firmware.rawValue,
                ])
            }
            // QEMU alone: the command itself would end a guest whose loader has given up.
            let command = try await Project.bootimage.succeed(arguments).output
            let result = try await Subprocess.run(
                .path("/bin/sh"), arguments: ["-c", "exec " + command],
                input: .inputWriter, output: .discarded, error: .currentStandardError
            ) { execution in
                let machine = Machine(folder: folder, monitor: execution.standardInputWriter)
                let result = try await body(machine)
                try await machine.send("quit")
                return result
            }
            return result.closureResult
        }
    }

    /// What the guest has said on COM1 so far.
    var serial: String {
        let log = FileManager.default.contents(atPath: folder.appending("serial.log").string)
        return String(decoding: log ?? Data(), as: UTF8.self).replacing("\r\n", with: "\n")
    }

    /// Reads guest memory at a physical address.
    func memory(at address: UInt64, count: Int) async throws -> [UInt8] {
        let dump = folder.appending("memory-\(UUID().uuidString)").string
        try await send("pmemsave \(address) \(count) \"\(dump)\"")
        try await poll { (FileManager.default.contents(atPath: dump)?.count ?? 0) == count }
        return [UInt8](FileManager.default.contents(atPath: dump) ?? Data())
    }

    /// The characters of the 80 × 25 text screen, a line for each row.
    func screenText() async throws -> String {
        let cells = try await memory(at: 0xB8000, count: 80 * 25 * 2)
        let characters = stride(from: 0, to: cells.count, by: 2).map { cells[$0] }
        return stride(from: 0, to: characters.count, by: 80).map {
            String(decoding: characters[$0..<$0 + 80], as: UTF8.self)
        }.joined(separator: "\n")
    }

    /// Red, green and blue of the screen's last pixel.
    func lastPixel() async throws -> [UInt8] {
        let dump = folder.appending("screen-\(UUID().uuidString).ppm").string
        func picture() -> Data { FileManager.default.contents(atPath: dump) ?? Data() }
        try await send("screendump \"\(dump)\"")
        // The format and the size, each on a line, then the largest value.
        try await poll {
            let size = picture().split(separator: 0x0A).dropFirst().first ?? Data()
            let numbers = String(decoding: size, as: UTF8.self).split(separator: " ")
            let byteCount = numbers.compactMap { Int($0) }.reduce(3, *)
            return numbers.count == 2 && picture().count > byteCount
        }
        return [UInt8](picture().suffix(3))
    }

    /// Looks four times a second until `condition` holds; the test fails after `seconds`.
    func poll(
        seconds: Int = 240, _ condition: () async throws -> Bool
    ) async throws {
        for _ in 0..<seconds * 4 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(250))
        }
        Issue.record("nothing happened in \(seconds) s; the guest said:\n\(serial)")
    }

    /// Interrupts the processor as faulty hardware does.
    func injectNMI() async throws { try await send("nmi") }

    private func send(_ command: String) async throws {
        _ = try await monitor.write(command + "\n")
    }
}
