package import ELFKit
import HostSystem
package import SystemPackage

/// Kernels and the files that go with them, for any way of booting.
package struct KernelContent: Equatable, Sendable {
    /// A kernel for another architecture than the first.
    package struct OtherKernel: Equatable, Sendable {
        package var path: FilePath
        package var architecture: Architecture
    }

    /// The kernel that the images are named for.
    package var kernel: FilePath
    package var architecture = Architecture.x86_64
    /// The kernels that the same image boots on other machines.
    package var otherKernels: [OtherKernel] = []
    package var ramdisk: FilePath?
    /// The loader settings, a boot.json.
    package var bootConfiguration: FilePath?
    package var extraFiles: [ExtraFile] = []
    /// Folders; every file below one goes below the destination.
    package var directories: [ExtraFile] = []
    /// What names them, for messages.
    package var fileOption = PlanError.ContentOption.files
    package var directoryOption = PlanError.ContentOption.directories
    package var keepsDebugInfo = false
    package var waitsForDebugger = false

    package init(kernel: FilePath) { self.kernel = kernel }

    package var kernels: [(path: FilePath, architecture: Architecture)] {
        [(kernel, architecture)] + otherKernels.map { ($0.path, $0.architecture) }
    }

    /// The names under which the loaders look for files.
    var reservedNames: [String] {
        kernels.flatMap { kernel in
            FileRole.allCases.map { $0.uefiFileName(on: kernel.architecture) }
        }
    }
}

/// A user's file beside the kernel's own: in the EFI system partition, or on the TFTP server.
package struct ExtraFile: Equatable, Sendable {
    /// The path from the root, with slashes between the names; the layout checks FAT's rules.
    package var destination: String
    package var source: FilePath

    package init(destination: String, source: FilePath) {
        (self.destination, self.source) = (destination, source)
    }

    /// Parses `DESTINATION=SOURCE`, split at the first equals sign; nil if a side is empty.
    package init?(argument: String) {
        guard let sign = argument.firstIndex(of: "=") else { return nil }
        destination = String(argument[..<sign])
        source = FilePath(text: String(argument[argument.index(after: sign)...]))
        if destination.isEmpty || source.isEmpty { return nil }
    }
}

/// The meaning of a file for the loader; the raw value is its name in a manifest.
enum FileRole: String, CaseIterable {
    case kernel, ramdisk
    case bootConfiguration = "boot-config"

    func uefiFileName(on architecture: Architecture) -> String {
        switch self {
        case .kernel: architecture.uefiKernelName
        case .ramdisk: "ramdisk"
        case .bootConfiguration: "boot.json"
        }
    }
}
