import Foundation
import Subprocess
import SystemPackage
import TestSupport
import Testing

/// A guest whose output speaks to terminals, CI systems and readers of reports.
@Suite(.needs("clang", "ld.lld", "script"))
struct HostileGuestTests {
    private static let resume = #"echo '{"event": "RESUME"}' >&3; "#

    /// Commands to GitHub, text that changes its direction, Markdown and HTML.
    private static let hostile =
        resume + """
            printf 'KTAP version 1\\n1..2\\n# ::error::a\\n#   ::add-mask::b\\n# ##[group]c\\n'
            printf '# \\342\\200\\256evil\\nnot ok 1 \\342\\200\\256d ##[add-mask]e\\n'
            printf '##vso[task.complete]f\\nok 2 f\\n'
            printf 'Bail out! [x](https://a.example) `<b>`|@me ##[error]g\\n'; exit 35
            """

    private static func expectHarmless(_ text: String, _ place: String) {
        #expect(!text.contains("##[") && !text.contains("##vso["), "\(place): \(text)")
        #expect(!text.unicodeScalars.contains("\u{202E}"), "\(place): \(text)")
        for line in text.split(separator: "\n") {
            #expect(!line.drop(while: \.isWhitespace).hasPrefix("::"), "\(place): \(line)")
        }
    }

    @Test(arguments: [[], ["--tap"], ["--json"]])
    func `no output of test obeys the guest`(_ format: [String]) async throws {
        try await withKernelAndQEMU(ending: Self.hostile) { folder, kernel, qemu in
            let junit = folder.appending("junit.xml")
            let summary = folder.appending("summary.md")
            let verdict = try await qemu.run(
                ["test", kernel, "--firmware", "bios", "--junit", junit.string]
                    + ["--summary", summary.string] + format)
            #expect(verdict.exitCode == 1)
            Self.expectHarmless(verdict.output, "\(format)")
            let xml = String(decoding: try read(junit), as: UTF8.self)
            #expect(!xml.unicodeScalars.contains("\u{202E}") && xml.contains(#"\u{202E}d"#))
            let table = String(decoding: try read(summary), as: UTF8.self)
            #expect(
                table.contains(#"`` guest panic: [x](https://a.example) `<b>`\|@me "#), "\(table)")
            Self.expectHarmless(table, "summary")
        }
    }

    @Test func `JSON keeps what the guest wrote`() async throws {
        try await withKernelAndQEMU(ending: Self.hostile) { _, kernel, qemu in
            let verdict = try await qemu.run(["test", kernel, "--firmware", "bios", "--json"])
            let report = try JSONSerialization.jsonObject(with: Data(verdict.output.utf8))
            let results = (report as? [String: Any])?["results"] as? [[String: Any]]
            let tests = results?.first?["tests"] as? [[String: Any]]
            #expect(tests?.first?["name"] as? String == "\u{202E}d", "\(verdict.text)")
            #expect((tests?.first?["remarks"] as? [String])?.contains("##[group]c") == true)
        }
    }

    private static let escapes = "printf 'a\\033[2J\\033]0;t\\007b\\033[31mc\\n'; exit 0"

    @Test(arguments: [
        ([], "ab\u{1B}[31mc\n\u{1B}[0m"), (["--serial", "text"], "ab\u{1B}[31mc\n\u{1B}[0m"),
        (["--serial", "raw"], "a\u{1B}[2J\u{1B}]0;t\u{7}b\u{1B}[31mc\n"),
    ])
    func `a terminal gets text and colours unless everything is requested`(
        _ options: [String], _ output: String
    ) async throws {
        try await withKernelAndQEMU(ending: Self.escapes) { _, kernel, qemu in
            let words = ["run", kernel] + options
            let command =
                "PATH=\"\(qemu.path):$PATH\" '\(Project.bootimage.name)' "
                + words.joined(separator: " ")
            let verdict = try await Tool(name: "script").run(["-qec", command, "/dev/null"])
            let text = verdict.output.replacing("\r\n", with: "\n")
            #expect(text.hasSuffix(output), "\(text.debugDescription)")
        }
    }

    @Test(arguments: [
        ("", "ab\u{1B}[31mc\nd\nread: word\n\u{1B}[0m"),
        ("--serial raw ", "a\u{1B}[2J\u{1B}]0;t\u{7}b\u{1B}[31mc\n\u{1B}cd\nread: word\n"),
    ])
    func `a terminal gets no more of a command of the user's own`(
        _ options: String, _ output: String
    ) async throws {
        try await withKernel { folder, kernel in
            let program = folder.appending("program")
            let script = """
                printf 'a\\033[2J\\033]0;t\\007b\\033[31mc\\n'; printf '\\033cd\\n' >&2
                read -r word; echo "read: $word"; exit 7
                """
            try write(script.utf8, to: program)
            for command in ["run", "runner"] {
                let line = """
                    echo word | BOOTIMAGE_RUN_COMMAND='sh \(program) {}' \
                    '\(Project.bootimage.name)' \(command) \(options)'\(kernel)'; echo "status $?"
                    """
                let verdict = try await Tool(name: "script").run(["-qec", line, "/dev/null"])
                let text = verdict.output.replacing("\r\n", with: "\n")
                #expect(text == output + "status 7\n", "\(text.debugDescription)")
            }
        }
    }

    @Test(
        arguments: [
            ([:], "a\u{1B}[2J\u{1B}]0;t\u{7}b\u{1B}[31mc\n"),
            (["GITLAB_CI": "true"], "ab\u{1B}[31mc\n\u{1B}[0m"),
        ] as [([Environment.Key: String], String)])
    func `a pipe gets every byte, except in GitLab's log`(
        _ environment: [Environment.Key: String], _ output: String
    ) async throws {
        try await withKernelAndQEMU(ending: Self.escapes) { _, kernel, qemu in
            let verdict = try await qemu.run(["run", kernel], environment: environment)
            #expect(verdict.output.hasSuffix(output), "\(verdict.output.debugDescription)")
        }
    }

    @Test func `GitHub obeys nothing between two lines that the guest cannot know`() async throws {
        try await withKernelAndQEMU(ending: "printf '::error::x'; exit 0") { _, kernel, qemu in
            var tokens: Set<Substring> = []
            for _ in 1...2 {
                let verdict = try await qemu.run(
                    ["run", kernel], environment: ["GITHUB_ACTIONS": "true"])
                let lines = verdict.lines
                let token = try #require(lines.first).dropFirst("::stop-commands::".count)
                #expect(lines.first == "::stop-commands::\(token)" && token.count > 20)
                #expect(lines.last == "::\(token)::", "\(verdict.text)")
                #expect(lines.dropLast().last == "::error::x")
                tokens.insert(token)
            }
            #expect(tokens.count == 2)
        }
    }

    @Test func `GitHub's lines are in no file`() async throws {
        try await withKernelAndQEMU(ending: "printf 'x'; exit 0") { folder, kernel, qemu in
            let file = folder.appending("serial.log")
            let command =
                "GITHUB_ACTIONS=true PATH=\"\(qemu.path):$PATH\" '\(Project.bootimage.name)' run "
                + "'\(kernel)' >'\(file)'"
            try await Tool(name: "sh").succeed(["-c", command])
            let text = String(decoding: try read(file), as: UTF8.self)
            #expect(!text.contains("stop-commands") && text.hasSuffix("\nx"), "\(text)")
        }
    }
}
