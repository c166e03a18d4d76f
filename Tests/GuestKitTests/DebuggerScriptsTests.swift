import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import GuestKit

/// The scripts for gdb and lldb with names that those read as commands.
struct DebuggerScriptsTests {
    private static func scripts(_ kernel: FilePath) -> DebuggerScripts {
        DebuggerScripts(
            kernel: kernel, wait: LoaderWait(entry: 0x3000, slide: 0x1000, word: 0x2000), port: 1234
        )
    }

    @Test(arguments: [
        (#"a "b" \c"#, #"symbol-file -o 0x1000 "a \"b\" \\c""#, #"target create "a \"b\" \\c""#),
        ("a`b`", #"symbol-file -o 0x1000 "a`b`""#, #"target create "a\`b\`""#),
        ("-a", #"symbol-file -o 0x1000 "./-a""#, #"target create "./-a""#),
        (
            "a\nshell id %d\r\"", #"eval "symbol-file -o 0x1000 \"a\nshell id %%d\r\\\"\"""#,
            #"script lldb.debugger.HandleCommand("target create \"a\nshell id %d\r\\\"\"")"#
        ),
    ])
    func `a name is quoted`(_ name: String, _ gdb: String, _ lldb: String) {
        let scripts = Self.scripts(FilePath(name))
        let gdbLines = scripts.gdb.split(separator: "\n")
        #expect(gdbLines.count == 6 && gdbLines[1] == gdb, "\(scripts.gdb)")
        let lldbLines = scripts.lldb.split(separator: "\n")
        #expect(lldbLines.count == 6 && lldbLines[0] == lldb, "\(scripts.lldb)")
    }

    @Test(.needs("gdb"), arguments: ["a b", "a\nshell echo bad\n", "%d\\n\"'`\r"])
    func `gdb reads the file of that name`(_ name: String) async throws {
        try await withTemporaryFolder { folder in
            let kernel = folder.appending(name)
            try FileManager.default.copyItem(atPath: "/proc/self/exe", toPath: kernel.string)
            let script = folder.appending("script")
            let lines = Self.scripts(kernel).gdb.split(separator: "\n").prefix(2)
            try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: script.string))
            let verdict = try await Tool(name: "gdb")("-nx", "-batch", "-x", script.string)
            #expect(!verdict.says("bad\n\n", "No such file", "Error in"), "\(verdict.text)")
        }
    }
}
