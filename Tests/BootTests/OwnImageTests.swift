import Foundation
import SystemPackage
import TestSupport
import Testing

/// Each run boots the image that it wrote.
@Suite(.needs("clang", "ld.lld", "qemu-system-x86_64", "timeout"))
struct OwnImageTests {
    /// All write `bootimage-kernel.bios.img`; only those with the right RAM disk may succeed.
    @Test(arguments: ["run", "test"])
    func `twenty side by side boot their own images`(_ command: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(
                source: "contract.c", shape: .higherHalf, definitions: ["RAMDISK=4096"]
            ).build(in: folder)
            let right = try writeRAMDisk(byteCount: 4096, in: folder)
            let wrong = folder.appending("wrong").string
            try Data(count: 4096).write(to: URL(filePath: wrong))
            let verdicts = try await BootSlots.shared.run {
                try await withThrowingTaskGroup(of: (Bool, Tool.Verdict).self) { group in
                    for index in 0..<20 {
                        let isRight = index % 2 == 0
                        group.addTask {
                            let options = ["--ramdisk", isRight ? right : wrong]
                            return (isRight, try await Self.start(command, kernel, options))
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
            }
            for (isRight, verdict) in verdicts {
                let success: Int32 = command == "test" ? 0 : 33
                #expect((verdict.exitCode == success) == isRight, "\(verdict.text)")
            }
        }
    }

    @Test(.needs("mount", "umount"), .asRoot, arguments: ["run", "test"])
    func `a kernel in a folder that takes no files boots`(_ command: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await SampleKernel(source: "contract.c", shape: .higherHalf)
                .build(in: folder)
            try await Tool(name: "mount").succeed(["--bind", folder.string, folder.string])
            do {
                try await Tool(name: "mount").succeed(["-o", "remount,ro,bind", folder.string])
                let verdict = try await BootSlots.shared.run {
                    try await Self.start(command, kernel)
                }
                #expect(verdict.exitCode == (command == "test" ? 0 : 33), "\(verdict.text)")
            } catch {
                try await Tool(name: "umount").succeed([folder.string])
                throw error
            }
            try await Tool(name: "umount").succeed([folder.string])
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.string)
            #expect(!names.contains { $0.hasSuffix(".img") }, "\(names)")
        }
    }

    private static func start(
        _ command: String, _ kernel: FilePath, _ options: [String] = []
    ) async throws -> Tool.Verdict {
        let words = [command, kernel.string, "--firmware", "bios", "--timeout", "\(patience)"]
        let isRun = command == "run"
        return try await Project.bootimage.run(
            words + options + (isRun ? ["--headless"] : [])
                + (isRun ? ["--", "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04"] : []))
    }
}

extension Trait where Self == ConditionTrait {
    /// Skipped where this user may not mount.
    fileprivate static var asRoot: Self { .enabled(if: getuid() == 0, "needs root") }
}
