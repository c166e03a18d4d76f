import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// What becomes of outputs when the program that shall make them is missing, fails or is stopped.
@Suite(.needs("clang", "ld.lld"))
struct HelperFailureTests {
    /// A program, and the option that needs it.
    struct Helper: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let package: String
        let options: [String]

        init(_ name: String, _ package: String, _ options: String...) {
            (testDescription, self.package, self.options) = (name, package, options)
        }
    }

    static let helpers = [
        Helper("qemu-img", "qemu-utils", "--format", "qcow2"),
        Helper("qemu-img", "qemu-utils", "--format", "raw", "--format", "vhdx"),
        Helper("zstd", "zstd", "--compress", "zstd"), Helper("xz", "xz-utils", "--compress", "xz"),
        Helper("gzip", "gzip", "--compress", "gz"),
    ]

    @Test(arguments: helpers)
    func `a missing program is named before anything is written`(_ helper: Helper) async throws {
        try await withKernel { folder, kernel in
            let verdict = try await Project.bootimage.run(
                ["build", kernel.string] + helper.options, environment: ["PATH": "/none"])
            verdict.expectRefusal(
                69, saying: "\(helper.testDescription) is not on PATH",
                "apt install \(helper.package)")
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test(
        arguments: helpers,
        [
            ("echo no room >&2; exit 3", "ended with status 3: no room"),
            ("printf 'one\\ntwo' >&2; exit 1", "status 1: one; two"),
            ("kill -9 $$", "was ended by signal 9"),
        ])
    func `a program that fails leaves the old file`(
        _ helper: Helper, _ script: (String, words: String)
    ) async throws {
        try await withHelper(helper, script.0) { folder, build, path in
            let output = folder.appending("output")
            try write("old".utf8, to: output)
            let last = Array(helper.options.suffix(2))
            let verdict = try await Project.bootimage.run(
                build + last + ["--firmware", "bios", "-o", output.string],
                environment: ["PATH": path])
            verdict.expectRefusal(74, saying: "/\(helper.testDescription) ", script.words)
            #expect(try read(output) == Array("old".utf8))
            #expect(try names(in: folder) == ["bin", "kernel.elf", "output"])
        }
    }

    @Test(.needs("qemu-img"))
    func `what is no container of the kind is refused`() async throws {
        let helper = Helper("qemu-img", "", "--format", "vhdx")
        // It makes a qcow2 whatever it is asked for, or nothing at all.
        let real = try #require(Tool.path(of: "qemu-img"))
        for script in ["exec \(real) convert -f raw -O qcow2 \"$6\" \"$7\"", "exit 0"] {
            try await withHelper(helper, script) { folder, build, path in
                let verdict = try await Project.bootimage.run(
                    build + helper.options, environment: ["PATH": path])
                verdict.expectRefusal(74, saying: "unknown output of qemu-img", "VHDX")
                #expect(try names(in: folder) == ["bin", "kernel.elf"])
            }
        }
    }

    @Test(.needs("timeout"), arguments: helpers)
    func `a signal ends the program too, and nothing is left`(_ helper: Helper) async throws {
        // The program tells when it runs, and its parent is asked to end by that.
        let script = "echo $$ >\"$0.pid\"; kill -TERM $PPID; exec sleep 600"
        try await withHelper(helper, script) { folder, build, path in
            let verdict = try await Project.bootimage.run(
                build + helper.options, environment: ["PATH": path + ":/usr/bin:/bin"])
            #expect(verdict.exitCode == 143, "\(verdict.text)")
            #expect(verdict.error.hasSuffix("because this command received signal 15\n"))
            #expect(try names(in: folder) == ["bin", "kernel.elf"])
            let log = try read(folder.appending("bin").appending("\(helper.testDescription).pid"))
            let process = try #require(
                Int32(String(decoding: log, as: UTF8.self).filter(\.isNumber)))
            #expect(!FileManager.default.fileExists(atPath: "/proc/\(process)"))
        }
    }

    @Test(.needs("qemu-img", "zstd", "xz", "gzip"), arguments: helpers)
    func `what a killed build leaves is gone after the next one`(_ helper: Helper) async throws {
        try await withHelper(helper, "kill -KILL $PPID") { folder, build, path in
            let command = build + helper.options + ["--firmware", "bios"]
            let killed = try await Project.bootimage.run(
                command, environment: ["PATH": path])
            #expect(killed.exitCode == -1)
            #expect(try names(in: folder).contains { $0.hasSuffix(".tmp") })
            try await Project.bootimage.run(command).expectSuccess()
            #expect(try !names(in: folder).contains { $0.hasSuffix(".tmp") })
        }
    }

    /// A kernel, the words of a build, and a PATH with a script in the program's place.
    private func withHelper(
        _ helper: Helper, _ script: String,
        _ body: (_ folder: FilePath, _ build: [String], _ path: String) async throws -> Void
    ) async throws {
        try await withKernel { folder, kernel in
            let bin = try makeFolder(folder.appending("bin"))
            let program = bin.appending(helper.testDescription)
            try write("#!/bin/sh\n\(script)\n".utf8, to: program)
            try await Tool(name: "chmod").succeed(["+x", program.string])
            try await body(folder, ["build", kernel.string], bin.string)
        }
    }
}
