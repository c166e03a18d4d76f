import Foundation
public import SystemPackage
public import Testing

/// A loop device: a file that Linux presents as a disk.
public struct LoopDevice: Sendable {
    /// The path of the device node.
    public let path: FilePath
    /// The file behind it.
    public let file: FilePath

    /// The kernel's name for it, such as `loop3`.
    public var name: String { path.lastComponent?.string ?? "" }

    /// Creates a file of non-zero bytes in a folder and attaches a loop device to it while `body`
    /// runs.
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

    /// All of its bytes.
    public var content: [UInt8] {
        get throws { [UInt8](try Data(contentsOf: URL(filePath: file.string))) }
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test if this user cannot create loop devices; on CI, it runs and fails instead.
    public static var needsLoopDevices: Self {
        .enabled(
            if: ProcessInfo.processInfo.environment["CI"] != nil
                || Tool.path(of: "losetup") != nil && access("/dev/loop-control", W_OK) == 0,
            "needs loop devices: losetup, and /dev/loop-control for writing")
    }
}
