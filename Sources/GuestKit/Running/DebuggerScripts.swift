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
        symbol-file -o \(Number.hex(wait.slide)) \(quoted)
        target remote 127.0.0.1:\(port)
        set {unsigned long long}\(Number.hex(wait.word)) = 1
        thbreak *\(Number.hex(wait.entry))
        continue

        """
    }

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

    /// The kernel's path in quotes, with quotes and backslashes escaped, as both read it.
    private var quoted: String {
        let path = kernel.string.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(path)\""
    }
}
