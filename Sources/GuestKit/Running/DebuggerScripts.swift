import DiskImage
import HostSystem
import SystemPackage

/// Scripts that take gdb and lldb to the first instruction of a kernel that the loader has loaded,
/// or that QEMU will start.
///
/// The loader waits until a word in memory is not 0. A register would not do, because a debugger
/// may connect before the loader has reached its loop.
struct DebuggerScripts {
    /// The file with the kernel's symbols; nil for a flat kernel, which has none.
    let kernel: FilePath?
    let wait: LoaderWait
    let port: UInt16
    /// Whether the stopped machine is at the entry point already, and must not go on.
    var isAtEntry = false

    /// The script for `gdb -x`; needs gdb 8.3 or later, for the offset of symbols.
    var gdb: String {
        let symbols = quoted.map { gdbCommand("symbol-file -o \(Number.hex(wait.slide)) \($0)") }
        let release = wait.word.map { "set {unsigned long long}\(Number.hex($0)) = 1" }
        let entry = ["thbreak *\(Number.hex(wait.entry))", "continue"]
        return Self.lines(
            ["set confirm off", symbols, "target remote 127.0.0.1:\(port)", release]
                + (isAtEntry ? [] : entry))
    }

    var lldb: String {
        // lldb evaluates what is between backticks, even in quotes.
        let path = quoted?.replacing("`", with: "\\`")
        let slide = Number.hex(wait.slide)
        let entry = [
            "breakpoint set --hardware --one-shot true --address \(Number.hex(wait.entry))",
            "process continue",
        ]
        return Self.lines(
            [
                path.map { lldbCommand("target create \($0)") },
                path.map { lldbCommand("target modules load --file \($0) --slide \(slide)") },
                "gdb-remote 127.0.0.1:\(port)",
                wait.word.map { "memory write --size 8 \(Number.hex($0)) 1" },
            ] + (isAtEntry ? [] : entry))
    }

    private static func lines(_ commands: [String?]) -> String {
        commands.compactMap { $0.map { $0 + "\n" } }.joined()
    }

    /// Writes both beside the image, and returns their paths.
    func write(beside image: FilePath) throws(FileError) -> (gdb: FilePath, lldb: FilePath) {
        let name = image.stemText
        let folder = image.removingLastComponent()
        let paths = (
            gdb: folder.appending(text: name + ".gdb"),
            lldb: folder.appending(text: name + ".lldb")
        )
        try AtomicFile.write(gdb.pathBytes, to: paths.gdb)
        try AtomicFile.write(lldb.pathBytes, to: paths.lldb)
        return paths
    }

    /// The command, as gdb reads it from a script, where each line is a command of its own.
    private func gdbCommand(_ command: String) -> String {
        guard command.unicodeScalars.contains("\n") else { return command }
        return "eval \"\(Self.escaped(command).replacing("%", with: "%%"))\""
    }

    /// The same for lldb, which needs Python for a line feed.
    private func lldbCommand(_ command: String) -> String {
        guard command.unicodeScalars.contains("\n") else { return command }
        return "script lldb.debugger.HandleCommand(\"\(Self.escaped(command))\")"
    }

    /// The text of a string literal of C and Python.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n").replacing("\r", with: "\\r")
    }

    /// The kernel's path in quotes, with quotes and backslashes escaped, as both read it.
    private var quoted: String? {
        kernel.map { kernel in
            let path = kernel.argument.replacing("\\", with: "\\\\")
                .replacing("\"", with: "\\\"")
            return "\"\(path)\""
        }
    }
}
