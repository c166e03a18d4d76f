import DiskImage
import HostSystem
import SystemPackage

/// Scripts that take gdb and lldb to the first instruction of a kernel that the loader has loaded.
///
/// The loader waits until a word in memory is not 0. A register would not do, because a debugger
/// may connect before the loader has reached its loop.
struct DebuggerScripts {
    let kernel: FilePath
    let wait: LoaderWait
    let port: UInt16

    /// The script for `gdb -x`; needs gdb 8.3 or later, for the offset of symbols.
    var gdb: String {
        """
        set confirm off
        \(gdbCommand("symbol-file -o \(Number.hex(wait.slide)) \(quoted)"))
        target remote 127.0.0.1:\(port)
        set {unsigned long long}\(Number.hex(wait.word)) = 1
        thbreak *\(Number.hex(wait.entry))
        continue

        """
    }

    var lldb: String {
        // lldb evaluates what is between backticks, even in quotes.
        let path = quoted.replacing("`", with: "\\`")
        return """
            \(lldbCommand("target create \(path)"))
            \(lldbCommand("target modules load --file \(path) --slide \(Number.hex(wait.slide))"))
            gdb-remote 127.0.0.1:\(port)
            memory write --size 8 \(Number.hex(wait.word)) 1
            breakpoint set --hardware --one-shot true --address \(Number.hex(wait.entry))
            process continue

            """
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
    private var quoted: String {
        let path = kernel.argument.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(path)\""
    }
}
