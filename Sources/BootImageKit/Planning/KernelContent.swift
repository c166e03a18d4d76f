package import ELFKit
package import SystemPackage

/// Kernels and what goes with them, wherever they are booted from.
package struct KernelContent: Equatable, Sendable {
    /// A kernel for another architecture than the first.
    package struct OtherKernel: Equatable, Sendable {
        var path: FilePath
        var architecture: Architecture
    }

    /// The kernel that images are named for.
    package var kernel: FilePath
    /// What it is for.
    package var architecture = Architecture.x86_64
    /// Those that the same image boots on other machines.
    var otherKernels: [OtherKernel] = []
    package var ramdisk: FilePath?
    package var bootConfiguration: FilePath?
    package var extraFiles: [ExtraFile] = []
    /// Folders, of which each file goes into the one of that path.
    package var directories: [ExtraFile] = []
    /// Whether the kernel's debugging sections go with it.
    package var keepsDebugInfo = false
    /// Whether the loader waits for a debugger before it starts the kernel.
    package var waitsForDebugger = false

    package init(
        kernel: FilePath, architecture: Architecture = Architecture.x86_64,
        otherKernels: [OtherKernel] = [], ramdisk: FilePath? = nil,
        bootConfiguration: FilePath? = nil, extraFiles: [ExtraFile] = [],
        directories: [ExtraFile] = [], keepsDebugInfo: Bool = false,
        waitsForDebugger: Bool = false
    ) {
        self.kernel = kernel
        self.architecture = architecture
        self.otherKernels = otherKernels
        self.ramdisk = ramdisk
        self.bootConfiguration = bootConfiguration
        self.extraFiles = extraFiles
        self.directories = directories
        self.keepsDebugInfo = keepsDebugInfo
        self.waitsForDebugger = waitsForDebugger
    }
}

extension KernelContent {
    /// The kernels, each with its architecture.
    package var kernels: [(path: FilePath, architecture: Architecture)] {
        [(kernel, architecture)] + otherKernels.map { ($0.path, $0.architecture) }
    }
}
