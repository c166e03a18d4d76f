import Foundation
import SystemPackage
import TestSupport
import Testing

/// `make install` and `make uninstall`, into a temporary folder.
@Suite(.needs("make"))
struct InstallTests {
    private static let bash = "share/bash-completion/completions/bootimage"
    private static let zsh = "share/zsh/site-functions/_bootimage"
    private static let fish = "share/fish/vendor_completions.d/bootimage.fish"
    private static let helper = "libexec/bootimage/bootimage-guestfs"
    private static let manual = "share/man/man1/bootimage.1"

    @Test func `the installed tool runs, and uninstall removes every file`() async throws {
        try await withTemporaryFolder { folder in
            let root = folder.appending("a root")
            try await Self.make("install", "DESTDIR=\(root)", "PREFIX=/opt/b")
            let tool = Tool(name: root.appending("opt/b/bin/bootimage").string)
            try await tool.succeed(["--version"])
            #expect(try await tool.succeed(["build", "--help"]).says("OVERVIEW"))
            let files = [
                "bin/bootimage", Self.helper, Self.bash, Self.fish, Self.manual, Self.zsh,
            ].map { "opt/b/\($0)" }
            #expect(Self.files(in: root) == files)
            let doctor = try await tool("doctor")
            #expect(doctor.says(", \(root)/opt/b/\(Self.helper)\n"), "\(doctor.text)")
            try await Self.make("uninstall", "DESTDIR=\(root)", "PREFIX=/opt/b")
            #expect(Self.files(in: root) == [])
            #expect(try names(in: root.appending("opt/b/libexec")) == [])
        }
    }

    @Test func `without a helper, one of another version is removed, and install says so`()
        async throws
    {
        try await Self.withInstallation { folder in
            let path = folder.appending("none").string
            let verdict = try await Self.make("install", "PREFIX=\(folder)", "HELPER=\(path)")
            #expect(verdict.output.contains("make guestfs-helper install"), "\(verdict.text)")
            #expect(!Self.files(in: folder).contains(Self.helper))
        }
    }

    @Test func `bash completes commands, options and files`() async throws {
        try await Self.withInstallation { folder in
            let script = folder.pushing(FilePath(Self.bash)).string
            try await Tool(name: "bash").succeed(["-n", script])
            try write([], to: folder.appending("kernel.elf"))
            for (words, completion) in [
                ("doc", "doctor"), ("build --pxe", "--pxe-directory"), ("build ker", "kernel.elf"),
                ("run --firmware u", "uefi"),
            ] {
                let command = """
                    source "$1"; cd "$2"; COMP_WORDS=(bootimage \(words))
                    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="${COMP_WORDS[*]}"
                    COMP_POINT=${#COMP_LINE}
                    _bootimage bootimage "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
                    printf '%s\\n' "${COMPREPLY[@]}"
                    """
                let verdict = try await Tool(name: "bash").succeed([
                    "-c", command, "bash", script, folder.string,
                ])
                #expect(verdict.lines.contains { $0 == completion }, "\(words): \(verdict.text)")
            }
        }
    }

    @Test(.needs("zsh")) func `zsh finds the completion function`() async throws {
        try await Self.withInstallation { folder in
            let script = folder.pushing(FilePath(Self.zsh))
            try await Tool(name: "zsh").succeed(["-f", "-n", script.string])
            let command = """
                fpath=("$1" $fpath); autoload -Uz compinit; compinit -u -d "$2"
                print $_comps[bootimage]
                """
            let verdict = try await Tool(name: "zsh").succeed([
                "-f", "-c", command, "zsh", script.removingLastComponent().string,
                folder.appending("dump").string,
            ])
            #expect(verdict.text == "_bootimage\n")
        }
    }

    @Test(.needs("fish")) func `fish completes commands and options`() async throws {
        try await Self.withInstallation { folder in
            let script = folder.pushing(FilePath(Self.fish)).string
            try await Tool(name: "fish").succeed(["--no-execute", script])
            for (line, completion) in [
                ("bootimage doc", "doctor"), ("bootimage test --jun", "--junit"),
            ] {
                let verdict = try await Tool(name: "fish").run(
                    ["--no-config", "-c", "source \"\(script)\"; complete -C \"\(line)\""])
                #expect(
                    verdict.output.hasPrefix(completion), "\(line): \(verdict.text)")
            }
        }
    }

    @Test(.needs("mandoc")) func `the manual page is valid and lists every command`() async throws {
        try await Self.withInstallation { folder in
            let page = folder.pushing(FilePath(Self.manual)).string
            let mandoc = Tool(name: "mandoc")
            let lint = try await mandoc.run(["-T", "lint", "-W", "warning", page])
            #expect(lint.text == "")
            // mandoc prints a bold letter twice, with a backspace in between.
            let text = try await mandoc.succeed(["-T", "ascii", page]).output
                .replacing(/.\u{8}/, with: "")
            for command in [
                "build", "run", "runner", "test", "inspect", "verify", "flash", "new", "doctor",
            ] {
                #expect(text.contains("\n   \(command)\n"), "\(command)")
            }
            #expect(text.contains("bootimage run [options] [file] [-- qemu-arguments ...]"))
            #expect(text.contains("bootimage test [options] [files ...] [-- qemu-arguments ...]"))
            #expect(text.contains("\n     --output, -o file\n"))
            #expect(!text.contains("\n   manual\n"))
        }
    }

    @Test(.needs("groff")) func `groff formats the manual page without warnings`() async throws {
        try await Self.withInstallation { folder in
            let page = folder.pushing(FilePath(Self.manual)).string
            let verdict = try await Tool(name: "groff").run(
                ["-mdoc", "-T", "utf8", "-K", "utf8", "-ww", "-z", page])
            #expect(verdict.exitCode == 0)
            #expect(verdict.text == "")
        }
    }

    private static func withInstallation(_ body: (FilePath) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try await make("install", "PREFIX=\(folder)")
            try await body(folder)
        }
    }

    /// Runs make with the executables from the tests' own build; of two values of a variable, the
    /// last counts.
    ///
    /// The release executable that make derives from it goes to a temporary folder: other tests and
    /// builds use the checkout's at the same time.
    @discardableResult
    private static func make(_ words: String...) async throws -> Tool.Verdict {
        try await withTemporaryFolder { folder in
            try await Tool(name: "make").succeed(
                [
                    "-C", Project.root.string, "TOOL=\(Project.bootimage.name)",
                    "RELEASE=\(folder)/bootimage", "HELPER=\(Project.guestFSHelper.name)",
                ] + words)
        }
    }

    private static func files(in folder: FilePath) -> [String] {
        let paths = FileManager.default.enumerator(atPath: folder.string)?.compactMap {
            $0 as? String
        }
        return (paths ?? []).filter { path in
            var isFolder: ObjCBool = false
            let whole = folder.pushing(FilePath(path)).string
            return FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }
}
