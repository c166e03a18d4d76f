import ELFKit
import SystemPackage

/// Kernels and what goes with them, wherever they are booted from.
struct KernelContent: Equatable, Sendable {
    /// A kernel for another architecture than the first.
    struct OtherKernel: Equatable, Sendable {
        var path: FilePath
        var architecture: Architecture
    }

    /// The kernel that images are named for.
    var kernel: FilePath
    /// What it is for.
    var architecture = Architecture.x86_64
    /// Those that the same image boots on other machines.
    var otherKernels: [OtherKernel] = []
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

extension KernelContent {
    /// The kernels, each with its architecture.
    var kernels: [(path: FilePath, architecture: Architecture)] {
        [(kernel, architecture)] + otherKernels.map { ($0.path, $0.architecture) }
    }
}
