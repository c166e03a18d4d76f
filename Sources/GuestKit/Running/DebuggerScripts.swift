import DiskImage
import ELFKit
import FoundationEssentials
import HostSystem
import SystemPackage

/// Scripts with which gdb and lldb enter a kernel that the loader has placed in memory.
///
/// The loader goes round until there is another number than 0 in a word: it may still be on its way
/// there when a debugger comes, so a register would not do.
struct DebuggerScripts {
    let kernel: FilePath
    let wait: LoaderWait
    let port: UInt16

    /// For `gdb -x`; gdb takes an offset since version 8.3.
    var gdb: String {
        """
        set confirm off
        symbol-file -o \(Number.hex(wait.slide)) \(quoted)
        target remote 127.0.0.1:\(port)
        set {unsigned long long}\(Number.hex(wait.word)) = 1
        thbreak *\(Number.hex(wait.entry))
        continue

        """
    }

    /// For `lldb -s`.
    var lldb: String {
        """
        target create \(quoted)
        target modules load --file \(quoted) --slide \(Number.hex(wait.slide))
        gdb-remote 127.0.0.1:\(port)
        memory write --size 8 \(Number.hex(wait.word)) 1
        breakpoint set --hardware --one-shot true --address \(Number.hex(wait.entry))
        process continue

        """
    }

    /// Writes both beside the image, and returns their paths.
    func write(beside image: FilePath) throws(FileError) -> (gdb: FilePath, lldb: FilePath) {
        let name = image.stem ?? image.string
        let folder = image.removingLastComponent()
        let paths = (gdb: folder.appending(name + ".gdb"), lldb: folder.appending(name + ".lldb"))
        try AtomicFile.write(gdb.utf8, to: paths.gdb)
        try AtomicFile.write(lldb.utf8, to: paths.lldb)
        return paths
    }

    /// Both take a path in quotes, with a backslash before what would end them.
    private var quoted: String {
        let path = kernel.string.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(path)\""
    }
}
