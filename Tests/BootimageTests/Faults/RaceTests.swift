import Foundation
import SystemPackage
import TestSupport
import Testing

/// Builds that meet each other, and kernels that change while they are read.
@Suite(.needs("clang", "ld.lld"))
struct RaceTests {
    @Test(arguments: ["bios", "uefi"])
    func `of eight builds of one output one wins, whole`(_ firmware: String) async throws {
        try await withTemporaryFolder { folder in
            var images: [Data] = []
            for index in 0..<8 {
                let kernel = folder.appending("kernel-\(index)")
                var bytes = try await HelloKernel.bytes
                let letter = try #require(bytes.firstRange(of: Array("Hello".utf8))?.lowerBound)
                bytes[letter] = UInt8(ascii: "A") + UInt8(index)
                try write(bytes, to: kernel)
                images.append(try await Self.build(kernel, firmware, in: folder))
            }
            let script = #"""
                for index in {0..7}; do
                    "$0" build "$1/kernel-$index" --firmware "$2" -o "$1/image" -q & pids+=($!)
                done
                for pid in "${pids[@]}"; do wait "$pid" || exit; done
                """#
            var winners: Set<Int> = []
            for _ in 0..<12 {
                try await Tool(name: "bash").succeed([
                    "-c", script, Project.bootimage.name, folder.string, firmware,
                ])
                let image = try Data(contentsOf: URL(filePath: folder.appending("image").string))
                let winner = images.firstIndex(of: image)
                #expect(winner != nil, "the image is none of the eight")
                if let winner { winners.insert(winner) }
            }
            #expect(try names(in: folder) == ["image"] + (0..<8).map { "kernel-\($0)" })
            print("\(firmware): rounds 12, builds 96, different winners \(winners.count)")
        }
    }

    /// What may happen to a kernel's file.
    enum Change: String, CaseIterable {
        case truncate = ": > \"$0\""
        case halve = "truncate --size=$(($(stat -c %s \"$0\") / 2)) \"$0\""
        case grow = "echo more >> \"$0\""
        case rewrite = "echo x | dd of=\"$0\" conv=notrunc status=none bs=1 seek=600"
    }

    /// The build stops for a second at each of its calls, and the kernel changes meanwhile; on a
    /// slow machine before it is read at all.
    @Test(.needs("strace", "dd", "truncate"), arguments: Change.allCases)
    func `a kernel that changes gives one version or an error`(_ change: Change) async throws {
        try await Replacement.prepared(for: "bios") { replacement in
            let bytes = try read(replacement.kernel)
            let calls = try await SystemCall.calls(of: replacement)
                .filter { ["pread64", "pwrite64", "ftruncate"].contains($0.name) }
            var (tally, changed) = (Tally(), 0)
            for call in calls {
                let kernel = replacement.kernel.string
                let changing = Task {
                    try await Task.sleep(for: .milliseconds(500))
                    try await Tool(name: "sh").succeed(["-c", change.rawValue, kernel])
                }
                let verdict = try await call.inject("delay_exit=1000000", into: replacement)
                try await changing.value
                let fault = "\(change) at \(call): \(verdict.text)"
                if verdict.exitCode == 0, try replacement.outcome == .torn {
                    changed += 1
                    #expect(try await Self.isOfTheKernelNow(replacement), "\(fault)")
                } else {
                    tally.count(try replacement.check(verdict, fault))
                    #expect([0, 65, 74].contains(verdict.exitCode), "\(fault)")
                }
                try write(bytes, to: replacement.kernel)
                try replacement.restore()
            }
            print("\(change) at \(calls.count) moments: \(tally), of the changed kernel \(changed)")
        }
    }

    /// Whether the image is what the kernel, as it is now, makes.
    private static func isOfTheKernelNow(_ replacement: Replacement) async throws -> Bool {
        let image = try Data(contentsOf: URL(filePath: replacement.output.string))
        return try await build(
            replacement.kernel, replacement.firmware, in: replacement.folder) == image
    }

    private static func build(
        _ kernel: FilePath, _ firmware: String, in folder: FilePath
    ) async throws -> Data {
        let image = folder.appending("image")
        try await Project.bootimage.succeed([
            "build", kernel.string, "--firmware", firmware, "-o", image.string,
        ])
        return try Data(contentsOf: URL(filePath: image.string))
    }
}
