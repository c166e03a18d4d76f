import SystemPackage

/// A kernel and what goes with it, wherever it is booted from.
struct KernelContent: Equatable, Sendable {
    var kernel: FilePath
    var ramdisk: FilePath?
    var bootConfiguration: FilePath?
    var extraFiles: [ExtraFile] = []
    /// Folders, of which each file goes into the one of that path.
    var directories: [ExtraFile] = []
    /// Whether the kernel's debugging sections go with it.
    var keepsDebugInfo = false
    /// Whether the loader waits for a debugger before it starts the kernel.
    var waitsForDebugger = false
}
