import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// `bootimage test` with a fake QEMU: output, files and exit statuses.
@Suite(.needs("clang", "ld.lld", "time", "xmllint"))
struct TestCommandTests {
    /// Reports on the control channel that the machine runs, as QEMU does, then runs `rest`.
    private static func machine(_ rest: String) -> String {
        #"echo '{"event": "RESUME"}' >&3; "# + rest
    }

    private static let suite = machine(
        """
        printf 'KTAP version 1\\n1..4\\nok 1 adds\\n# 2 * 2 is 5 <&"\\nnot ok 2 a#b\\n'
        printf 'ok 3 flies # SKIP "no" #1 <wings>\\nok 4 swims # SKIP\\n'; exit 35
        """)

    @Test(
        arguments: [
            (machine("exit 33"), 0, "ok      kernel (bios)"),
            (machine("exit 35"), 1, "failed: QEMU ended with status 35"),
            (machine("kill -9 $$"), 1, "QEMU was killed by signal 9"),
            ("echo 'no such device' >&2; exit 1", 1, "QEMU failed: no such device"),
            (machine("exec sleep 1000"), 1, "timed out"),
            (suite, 1, "not ok: a"),
        ] as [(String, Int32, String)])
    func `a verdict is a line and an exit status`(
        _ program: String, _ status: Int32, _ text: String
    ) async throws {
        // Any other machine ends by itself, but a busy host may take a while to start it.
        let limit = text == "timed out" ? "1" : "300"
        try await withKernelAndQEMU(ending: program) { _, kernel, qemu in
            let verdict = try await qemu.run(
                ["test", kernel, "--firmware", "bios", "--timeout", limit],
                environment: ["PATH": "\(qemu.path):/usr/bin:/bin"])
            #expect(verdict.exitCode == status, "\(verdict.text)")
            #expect(verdict.output.contains(text), "\(verdict.text)")
            #expect(verdict.error == "")
            let count = status == 0 ? "1 passed, 0 failed" : "0 passed, 1 failed"
            #expect(verdict.lines.last == count[...])
        }
    }

    @Test func `JUnit and TAP report each test`() async throws {
        try await withKernelAndQEMU(ending: Self.suite) { folder, kernel, qemu in
            let junit = folder.appending("junit.xml")
            let logs = folder.appending("logs/of-guests")
            let verdict = try await qemu.run(
                ["test", kernel, "--firmware", "bios", "--tap", "--junit", junit.string]
                    + ["--logs", logs.string, "--summary", "\(folder)/summary.md"])
            #expect(verdict.exitCode == 1)
            #expect(verdict.output.hasPrefix("TAP version 14\n1..1\n# Subtest: kernel (bios)\n"))
            #expect(verdict.output.contains("    not ok 2 - a\n    # 2 * 2 is 5 <&\"\n"))
            #expect(verdict.output.contains("    ok 3 - flies # SKIP \"no\" #1 <wings>\n"))
            #expect(verdict.output.contains("    ok 4 - swims # SKIP\n"))
            #expect(verdict.output.contains("not ok 1 - kernel (bios)\n  ---\n"))
            let query = "string(//testsuite/@failures)"
            let count = try await Tool(name: "xmllint")("--xpath", query, junit.string)
            #expect(count.lines == ["1"], "\(count.text)")
            let message = try await Tool(name: "xmllint")(
                "--xpath", "string(//failure/@message)", junit.string)
            #expect(message.lines == ["2 * 2 is 5 <&\""])
            let reasons = try await Tool(name: "xmllint")("--xpath", "//skipped", junit.string)
            #expect(
                reasons.lines == [
                    "<skipped message=\"&quot;no&quot; #1 &lt;wings&gt;\"/>", "<skipped/>",
                ], "\(reasons.text)")
            let summary = String(
                decoding: try read(folder.appending("summary.md")), as: UTF8.self)
            #expect(summary.hasPrefix("**0 passed, 1 failed**\n"))
            #expect(summary.contains("| ❌ | `kernel` | bios | "))
            let counts = " | 1 of 4, 2 skipped | `failed: 1 of 4 tests` |\n"
            #expect(summary.contains(counts), "\(summary)")
            #expect(summary.contains("\n    flies: \"no\" #1 <wings>\n    swims\n"), "\(summary)")
            let log = try read(logs.appending("kernel.bios.log"))
            #expect(String(decoding: log, as: UTF8.self).contains("ok 3 flies # SKIP \"no\""))
        }
    }

    @Test func `a log that cannot be written is reported, and changes no verdict`() async throws {
        try await withKernelAndQEMU(ending: Self.suite) { folder, kernel, qemu in
            let logs = try makeFolder(folder.appending("logs"))
            let image = folder.appending("image").string
            try await Project.bootimage.succeed([
                "build", kernel, "--firmware", "bios", "-o", image,
            ])
            // No file may have any bytes, as on a full disk.
            let verdict = try await Tool(name: "sh").run(
                ["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh", Project.bootimage.name]
                    + ["test", image, "--firmware", "bios", "--logs", logs.string],
                environment: ["PATH": "\(qemu.path):/usr/bin:/bin"])
            #expect(verdict.exitCode == 1)
            #expect(
                verdict.error.contains("image (bios): its log cannot be written"),
                "\(verdict.text)")
            #expect(verdict.output.contains("not ok: a"))
        }
    }

    /// Neither the guest's QEMU nor the command before it may be deaf to signals.
    @Test func `QEMU has no signal blocked, also after a build command`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            // A plain sh may unblock all signals as it starts.
            let program = "#!/bin/bash\n" + Self.machine("grep SigBlk /proc/self/status; exit 35")
            try write(program.utf8, to: qemu.path.appending("qemu-system-x86_64"))
            let settings = "kernel = \"\(kernel)\"\nbuild-command = [\"true\"]\n"
            let file = folder.appending("bootimage.toml")
            try write(settings.utf8, to: file)
            let words = ["--config", file.string, "--firmware", "bios"]
            let verdict = try await qemu.run(
                ["test"] + words, environment: ["PATH": "\(qemu.path):/usr/bin:/bin"])
            #expect(verdict.output.contains(#"SigBlk:\t0000000000000000"#), "\(verdict.text)")
        }
    }

    @Test func `a boot that fails is tried again`() async throws {
        let program = Self.machine("if [ -e tried ]; then exit 33; fi; : >tried; exit 35")
        try await withKernelAndQEMU(ending: program) { _, kernel, qemu in
            let verdict = try await qemu.run(
                ["test", kernel, "--firmware", "bios", "--retries", "2"])
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            #expect(verdict.output.contains("(attempt 2)"))
        }
    }

    @Test func `a quarter of a gigabyte on the serial line takes no memory`() async throws {
        let program = Self.machine(
            "head -c 250000000 /dev/zero | tr '\\0' 'x' | fold -w 99; exit 33")
        try await withKernelAndQEMU(ending: program) { folder, kernel, qemu in
            let report = folder.appending("time").string
            let verdict = try await Tool(name: "time").run(
                ["-f", "%M", "-o", report, Project.bootimage.name, "test", kernel]
                    + ["--firmware", "bios", "--timeout", "1800", "--logs", "logs"],
                environment: ["PATH": "\(qemu.path):/usr/bin:/bin"], workingDirectory: folder)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            let text = try String(contentsOfFile: report, encoding: .utf8)
            let kibibytes = try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            print("250 MB of serial output: peak \(kibibytes) KiB")
            #expect(kibibytes < 64 << 10)
            let log = try read(folder.appending("logs/kernel.bios.log"))
            let end = "\n[bootimage: the log's limit is reached]\n"
            #expect(log.count == 64 << 20 + end.utf8.count)
            #expect(String(decoding: log.suffix(end.utf8.count), as: UTF8.self) == end)
        }
    }

    @Test(arguments: [(Signal.interrupt, 130), (.terminate, 143)] as [(Signal, Int32)])
    func `a signal ends the guests at once`(_ signal: Signal, _ code: Int32) async throws {
        let program = "trap '' TERM; echo $$ >pid; while :; do sleep 0.05; done"
        try await withKernelAndQEMU(ending: program) { folder, kernel, qemu in
            let path = "\(qemu.path):/usr/bin:/bin"
            let pid = folder.appending("pid").string
            let result = try await Subprocess.run(
                .path(FilePath(Project.bootimage.name)),
                arguments: ["test", kernel, "--firmware", "bios", "--timeout", "3600"],
                environment: .inherit.updating(["PATH": path]), workingDirectory: folder,
                input: .none, output: .discarded, error: .discarded
            ) { execution in
                for _ in 0..<1000
                where (try? String(contentsOfFile: pid, encoding: .utf8))?.hasSuffix("\n") != true {
                    try await Task.sleep(for: .milliseconds(20))
                }
                try execution.send(signal: signal)
            }
            #expect(result.terminationStatus == .exited(code))
            let number = try String(contentsOfFile: pid, encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            // Killed as it is, it takes a moment to end.
            var state: String?
            for _ in 0..<1000 {
                state = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
                if state == nil || state?.contains(") Z ") == true { return }
                try await Task.sleep(for: .milliseconds(20))
            }
            Issue.record("still there: \(state ?? "")")
        }
    }

    @Test(
        arguments: ["--tap", "--json"],
        [(Signal.interrupt, 130), (.terminate, 143)] as [(Signal, Int32)])
    func `a signal leaves reports of what ended and what did not`(
        _ format: String, _ row: (signal: Signal, code: Int32)
    ) async throws {
        let program = Self.machine(
            """
            printf 'KTAP version 1\\n1..2\\nok 1 adds\\n# begin waits\\n'
            if [ -e pid ]; then echo $$ >second; exec sleep 3600; fi
            echo $$ >pid; printf 'ok 2 waits\\n'; exit 33
            """)
        try await withKernelAndQEMU(ending: program) { folder, kernel, qemu in
            let others = ["b", "c"].map { folder.appending($0) }
            for other in others { try write(await HelloKernel.bytes, to: other) }
            let (junit, summary) = (folder.appending("j.xml"), folder.appending("s.md"))
            let words =
                ["test", kernel] + others.map(\.string)
                + ["--firmware", "bios", "--jobs", "1", format]
                + ["--junit", junit.string, "--summary", summary.string]
            let second = folder.appending("second").string
            let result = try await Subprocess.run(
                .path(FilePath(Project.bootimage.name)), arguments: Arguments(words),
                environment: .inherit.updating(["PATH": "\(qemu.path):/usr/bin:/bin"]),
                workingDirectory: folder, input: .none, output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20)
            ) { execution in
                for _ in 0..<1000
                where (try? String(contentsOfFile: second, encoding: .utf8))?.hasSuffix("\n")
                    != true
                {
                    try await Task.sleep(for: .milliseconds(20))
                }
                // The guest's lines are on their way.
                try await Task.sleep(for: .milliseconds(500))
                try execution.send(signal: row.signal)
            }
            #expect(result.terminationStatus == .exited(row.code))
            #expect(result.standardError == "")
            let output = result.standardOutput
            let reason = "interrupted by signal \(row.code - 128)"
            let end = format == "--tap" ? "\nBail out! \(reason)\n" : ""
            #expect(output.hasSuffix(end), "\(output)")
            let counts = #""interrupted": 2,"#
            #expect(output.contains(format == "--tap" ? "\nok 1 - kernel (bios)\n" : counts))
            #expect(output.contains("\(reason), while running “waits”"), "\(output)")
            #expect(output.contains("not started: \(reason)"), "\(output)")
            let xpath = "//skipped/@message | //testsuite/@tests"
            let xml = try await Tool(name: "xmllint")("--xpath", xpath, junit.string)
            #expect(
                xml.lines.map { $0.drop { $0 == " " } } == [
                    "tests=\"2\"", "tests=\"2\"", "message=\"\(reason), while running “waits”\"",
                    "tests=\"1\"", "message=\"not started: \(reason)\"",
                ], "\(xml.text)")
            let table = String(decoding: try read(summary), as: UTF8.self)
            #expect(table.hasPrefix("**1 passed, 0 failed, 2 interrupted**\n"), "\(table)")
            #expect(table.contains("| ⏹️ | `c` | bios | 0.00 s |  | `not started: \(reason)` |\n"))
        }
    }

    @Test(
        .needs("script"),
        arguments: [
            (["TERM=xterm"], true), (["TERM=xterm", "NO_COLOR="], true),
            (["TERM=xterm", "NO_COLOR=1"], false), (["TERM=dumb"], false),
            (["TERM=xterm", "CI=true"], false),
        ])
    func `a terminal gets colours unless it must not`(
        _ variables: [String], _ hasColors: Bool
    ) async throws {
        let program = Self.machine("if [ -e tried ]; then exit 33; fi; : >tried; exit 35")
        try await withKernelAndQEMU(ending: program) { folder, kernel, qemu in
            let other = folder.appending("b")
            for file in [FilePath(kernel), other] {
                try write(await HelloKernel.bytesWithWritableCode, to: file)
            }
            let command =
                "cd '\(folder)'; PATH='\(qemu.path)':/usr/bin:/bin '\(Project.bootimage.name)' "
                + "test '\(kernel)' '\(other)' --firmware bios --jobs 1; "
                + "'\(Project.bootimage.name)' run nothing"
            let verdict = try await Tool(name: "env").run(
                ["-u", "CI", "-u", "NO_COLOR"] + variables
                    + ["script", "-qec", command, "/dev/null"])
            func word(_ text: String, _ color: Int) -> String {
                hasColors ? "\u{1B}[\(color)m\(text)\u{1B}[0m" : text
            }
            let colors = ["[31m", "[32m", "[33m", "[0m"].map { "\u{1B}\($0)" }
            let plain = colors.reduce(verdict.output) { $0.replacing($1, with: "") }
            #expect(
                plain.contains("FAILED  kernel (bios)  0.")
                    && plain.contains("ok      b (bios)  0."))
            for text in [
                "\(word("FAILED", 31))  kernel (bios)", "\(word("ok", 32))      b (bios)",
                "\(word("1 passed", 32)), \(word("1 failed", 31))\r\n",
                "bootimage: \(word("warning:", 33)) \(kernel): ",
                "\(word("bootimage:", 31)) nothing: ",
            ] {
                #expect(verdict.output.contains(text), "\(text) in \(verdict.output)")
            }
            #expect(hasColors || colors.allSatisfy { !verdict.output.contains($0) })
        }
    }

    @Test(arguments: [
        (["--jobs", "0"], "--jobs 0: must be between 1 and 1000"),
        (["--retries", "-1"], "--retries"), (["--timeout", "0"], "--timeout 0.0: must be greater"),
        (["--shard", "2/1"], "“2/1” is not I/N"), (["--expect", "wonders"], "wonders"),
        (["--tap", "--json"], "either --tap or --json"),
        (["--dry-run", "--json"], "--dry-run prints no results"),
    ])
    func `invalid options are usage errors`(_ options: [String], _ text: String) async throws {
        let verdict = try await Project.bootimage.run(["test", "kernel"] + options)
        #expect(verdict.exitCode == 64)
        #expect(verdict.error.contains(text), "\(verdict.error)")
    }

    @Test func `a dry run prints each boot's command line, and writes and starts nothing`()
        async throws
    {
        try await withKernelAndQEMU(ending: ": >started") { folder, kernel, qemu in
            let verdict = try await qemu.run(["test", kernel, "--dry-run", "--", "-name", "a b"])
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            let lines = verdict.lines
            try #require(lines.count == 4, "\(verdict.text)")
            #expect(lines[0] == "kernel (bios)" && lines[2] == "kernel (uefi)")
            for line in [lines[1], lines[3]] {
                #expect(line.hasPrefix("    \(qemu.path)/qemu-system-x86_64 -machine q35 "))
                #expect(line.hasSuffix(" -name 'a b'"))
            }
            #expect(lines[1].contains("file.filename=\(folder)/bootimage-kernel.bios.img "))
            #expect(lines[3].contains("file.filename=/f/code.fd "))
            #expect(try names(in: qemu.home) == [])
            #expect(try names(in: folder) == ["kernel.elf"])
        }
    }

    @Test func `every file is checked before any is booted`() async throws {
        try await withKernelAndQEMU(ending: ": >started") { folder, kernel, qemu in
            try await qemu.run(["test", kernel, "\(folder)/none"])
                .expectRefusal(66, saying: "\(folder)/none")
            try await qemu.run(["test", kernel, kernel]).expectRefusal(64, saying: "named twice")
            for option in ["--junit", "--summary", "--logs"] {
                let output = option == "--logs" ? kernel : folder.string
                try await qemu.run(["test", kernel, option, output])
                    .expectRefusal(73, saying: output)
            }
            try await qemu.run(["run", kernel, "--screenshot", folder.string])
                .expectRefusal(73, saying: "\(folder): is a folder; specify a file")
            #expect(try names(in: qemu.home) == [])
        }
    }
}
