import Foundation
import SystemPackage
import TestSupport
import Testing

/// Disks that are full, files that may not grow, folders that cannot be written.
@Suite(.needs("clang", "ld.lld", "unshare", "mount"))
struct NoSpaceTests {
    /// What came of a build on a small disk.
    private struct Attempt {
        var kibibytes: Int
        var exitCode: Int
        var isOld: Bool
        var names: [Substring]
    }

    /// A memory file system of its own for the build, larger by 64 KiB each time until two builds
    /// were done; the folder's names and the output's first word are told after each.
    private static let script = #"""
        set -e
        disk=$0
        mount -t tmpfs -o size=64k tmpfs "$disk"
        done=0
        for ((size = 64; done < 2 && size <= 4096; size += 64)); do
            mount -o remount,size=${size}k "$disk"
            rm -f "$disk"/* "$disk"/.i*
            printf 'the old image' >"$disk/image"
            status=0
            "$@" -o "$disk/image" >/dev/null 2>>"$disk.errors" || status=$?
            kept=$(cmp -s "$disk/image" <(printf 'the old image') && echo old || echo new)
            echo "$size $status $kept $(ls -A "$disk" | tr '\n' ' ')"
            [ $status -ne 0 ] || done=$((done + 1))
        done
        """#

    @Test(arguments: ["bios", "uefi"])
    func `a full disk keeps the old image, whatever its size`(_ firmware: String) async throws {
        try await withKernel { folder, kernel in
            let ramdisk = folder.appending("ramdisk")
            try write([UInt8](repeating: 1, count: 600_000), to: ramdisk)
            let disk = try makeFolder(folder.appending("disk")).string
            let build = [
                Project.bootimage.name, "build", kernel.string, "--ramdisk", ramdisk.string,
                "--firmware", firmware,
            ]
            let verdict = try await Tool(name: "unshare").succeed(
                ["--map-root-user", "--mount", "bash", "-c", Self.script, disk] + build)
            let attempts = try verdict.output.split(separator: "\n").map { line in
                let words = line.split(separator: " ")
                return Attempt(
                    kibibytes: try #require(Int(words[0])), exitCode: try #require(Int(words[1])),
                    isOld: words[2] == "old", names: Array(words[3...]))
            }
            let failures = attempts.filter { $0.exitCode != 0 }
            #expect(failures.count >= 8, "\(verdict.output)")
            #expect(failures.allSatisfy { $0.exitCode == 74 && $0.isOld }, "\(verdict.output)")
            #expect(attempts.suffix(2).allSatisfy { $0.exitCode == 0 && !$0.isOld })
            #expect(attempts.allSatisfy { $0.names == ["image"] }, "\(verdict.output)")
            let errors = String(decoding: try read(FilePath(disk + ".errors")), as: UTF8.self)
            let lines = errors.split(separator: "\n")
            #expect(lines.count == failures.count)
            #expect(lines.allSatisfy { $0.contains("No space left on device") }, "\(errors)")
            print("\(firmware): disks \(attempts.count), full \(failures.count)")
        }
    }

    @Test(arguments: ["bios", "uefi"], [0, 1, 1000])
    func `a limit on the size of files is told`(_ firmware: String, _ limit: Int) async throws {
        try await Replacement.prepared(for: firmware) { replacement in
            let script = "ulimit -f \(limit); exec \"$0\" \"$@\""
            let verdict = try await Tool(name: "bash").run(["-c", script] + replacement.command)
            #expect(verdict.exitCode == 74)
            #expect(verdict.says("File too large"), "\(verdict.text)")
            try replacement.check(verdict, "limit of \(limit) KiB")
        }
    }

    @Test func `a folder that cannot be written is told`() async throws {
        try await Replacement.prepared(for: "bios") { replacement in
            let folder = replacement.folder.string
            let script = #"mount --bind "$0" "$0"; mount -o remount,bind,ro "$0"; exec "$@""#
            let verdict = try await Tool(name: "unshare").run(
                ["--map-root-user", "--mount", "bash", "-c", script, folder]
                    + replacement.command)
            #expect(verdict.exitCode == 73)
            #expect(verdict.says("Read-only file system"), "\(verdict.text)")
            try replacement.check(verdict, "read-only folder")
        }
    }
}
