import Foundation
public import SystemPackage
public import Testing

/// A file that Linux has made a disk of.
public struct LoopDevice: Sendable {
    /// The device's node.
    public let path: FilePath
    /// The file behind it.
    public let file: FilePath

    /// The kernel's name: `loop3`.
    public var name: String { path.lastComponent?.string ?? "" }

    /// Makes a disk of a file in that folder, filled with bytes that are not zero, for as long as
    /// `body` runs.
    public static func with<Result>(
        byteCount: Int, in folder: FilePath, options: [String] = [],
        isolation: isolated (any Actor)? = #isolation,
        _ body: (LoopDevice) async throws -> Result
    ) async throws -> Result {
        let file = folder.appending("stick.bin")
        try Data(repeating: 0xA5, count: byteCount).write(to: URL(filePath: file.string))
        let verdict = try await Tool(name: "losetup").succeed(
            ["--find", "--show"] + options + [file.string])
        let path = FilePath(verdict.output.trimmingCharacters(in: .whitespacesAndNewlines))
        let result: Result
        do {
            result = try await body(LoopDevice(path: path, file: file))
        } catch {
            try await Tool(name: "losetup").run(["--detach", path.string])
            throw error
        }
        try await Tool(name: "losetup").run(["--detach", path.string])
        return result
    }

    /// Everything on it.
    public var content: [UInt8] {
        get throws { [UInt8](try Data(contentsOf: URL(filePath: file.string))) }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where this user may make no loop devices; on CI it runs, and fails.
    public static var needsLoopDevices: Self {
        .enabled(
            if: ProcessInfo.processInfo.environment["CI"] != nil
                || Tool.path(of: "losetup") != nil && access("/dev/loop-control", W_OK) == 0,
            "needs loop devices: losetup, and /dev/loop-control for writing")
    }
}
