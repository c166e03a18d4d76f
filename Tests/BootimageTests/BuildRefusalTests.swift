import Foundation
import SystemPackage
import TestSupport
import Testing

/// What `bootimage build` refuses: with one line, the right exit code, and everything as it was.
@Suite(.needs("clang", "ld.lld"))
struct BuildRefusalTests {
    /// A file that is no kernel.
    struct BadKernel: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var bytes: @Sendable () async throws -> [UInt8]
    }

    static let badKernels = [
        BadKernel(testDescription: "a text") { Array("This is a kernel.\n".utf8) },
        BadKernel(testDescription: "an empty file") { [] },
        BadKernel(testDescription: "half a kernel") {
            let bytes = try await HelloKernel.bytes
            return Array(bytes.prefix(bytes.count / 2))
        },
        BadKernel(testDescription: "a program of this system") { try read("/bin/ls") },
    ]

    @Test(arguments: badKernels)
    func `a bad kernel leaves the old images`(_ bad: BadKernel) async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage.succeed(["build", kernel.string])
            let before = try contents(of: folder, except: "kernel.elf")
            try write(await bad.bytes(), to: kernel)
            try await Project.bootimage("build", kernel.string)
                .expectRefusal(65, saying: kernel.string)
            let isUnchanged = try contents(of: folder, except: "kernel.elf") == before
            #expect(isUnchanged)
        }
    }

    @Test func `a kernel that is not there is missing`() async throws {
        try await withTemporaryFolder { folder in
            for name in ["kernel", "two\nlines", "%s"] {
                try await Project.bootimage("build", folder.appending(name).string)
                    .expectRefusal(66, saying: "No such file")
            }
            #expect(try names(in: folder) == [])
        }
    }

    @Test(.needs("mkfifo", "timeout"), arguments: ["pipe", "folder", "/dev/zero"])
    func `only a regular file is a kernel or a RAM disk`(_ name: String) async throws {
        try await withKernel { folder, kernel in
            _ = try makeFolder(folder.appending("folder"))
            try await Tool(name: "mkfifo").succeed([folder.appending("pipe").string])
            let special = folder.pushing(FilePath(name)).string
            let build = ["10", Project.bootimage.name, "build"]
            for arguments in [[special], [kernel.string, "--ramdisk", special]] {
                try await Tool(name: "timeout").run(build + arguments)
                    .expectRefusal(65, saying: special)
            }
        }
    }

    @Test func `a RAM disk that is not there is missing`() async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage("build", kernel.string, "--ramdisk", "\(folder)/none")
                .expectRefusal(66, saying: "\(folder)/none")
        }
    }

    @Test(arguments: [
        ["--fast"], ["--firmware", "coreboot"], ["--output", "a.img"], ["--name", "a/b"],
        ["--sector-size", "1024"], ["--sector-size", "4096", "--firmware", "bios"],
    ])
    func `an option that cannot be followed is the user's mistake`(
        _ options: [String]
    ) async throws {
        try await withKernel { folder, kernel in
            let verdict = try await Project.bootimage.run(["build", kernel.string] + options)
            #expect(verdict.exitCode == 64)
            #expect(verdict.output == "")
            #expect(!verdict.error.isEmpty)
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test(arguments: ["none/a.img", "folder", "folder/", "kernel.elf", "link", "other-name"])
    func `an output that cannot be made`(_ output: String) async throws {
        try await withKernel { folder, kernel in
            let bytes = try read(kernel)
            _ = try makeFolder(folder.appending("folder"))
            try await Tool(name: "ln").succeed(["-s", "kernel.elf", "\(folder)/link"])
            try await Tool(name: "ln").succeed([kernel.string, "\(folder)/other-name"])
            let before = try names(in: folder)
            try await Project.bootimage(
                "build", kernel.string, "--firmware", "bios", "--output", "\(folder)/\(output)"
            ).expectRefusal(73, saying: "\(folder)/")
            #expect(try names(in: folder) == before)
            #expect(try read(kernel) == bytes)
        }
    }

    @Test func `a name too long for the file system cannot be made`() async throws {
        try await withKernel(named: String(repeating: "k", count: 255)) { folder, kernel in
            try await Project.bootimage("build", kernel.string)
                .expectRefusal(73, saying: "too long")
            #expect(try names(in: folder).count == 1)
        }
    }

    @Test func `a limit on the size of files leaves nothing behind`() async throws {
        try await withKernel { folder, kernel in
            let script = #"ulimit -f 100; exec "$0" build "$1""#
            try await Tool(name: "bash")("-c", script, Project.bootimage.name, kernel.string)
                .expectRefusal(74, saying: "File too large")
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    private func contents(
        of folder: FilePath, except kernel: String
    ) throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in try names(in: folder) where name != kernel {
            contents[name] = try read(folder.appending(name))
        }
        return contents
    }
}
