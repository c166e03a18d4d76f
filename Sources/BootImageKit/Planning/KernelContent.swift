import DiskImage
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

    /// A file for the kernel, which the loader places in memory.
    package struct Module: Equatable, Sendable {
        package var path: FilePath
        /// What the kernel is told about it.
        package var string: String

        package init(path: FilePath, string: String = "") {
            (self.path, self.string) = (path, string)
        }

        /// Parses `FILE[=STRING]`, split at the first equals sign; nil if the file is empty.
        package init?(argument: String, in folder: FilePath = "") {
            let file = argument.prefix { $0 != "=" }
            if file.isEmpty { return nil }
            path = folder.appending(text: String(file))
            string = String(argument.dropFirst(file.count + 1))
        }

        /// What ``init(argument:in:)`` parses.
        package var argument: String { string.isEmpty ? path.text : "\(path.text)=\(string)" }

        /// The name that the kernel is told: the path's last part.
        package var name: String { path.lastComponent?.text ?? path.text }
    }

    /// The kernel that the images are named for.
    package var kernel: FilePath
    package var architecture = Architecture.x86_64
    /// The kernels that the same image boots on other machines.
    package var otherKernels: [OtherKernel] = []
    package var ramdisk: FilePath?
    /// The loader settings, a boot.json.
    package var bootConfiguration: FilePath?
    package var commandLine: String?
    package var modules: [Module] = []
    package var extraFiles: [ExtraFile] = []
    /// Folders; every file below one goes below the destination.
    package var directories: [ExtraFile] = []
    /// What names them, for messages.
    package var fileOption = PlanError.ContentOption.files
    package var directoryOption = PlanError.ContentOption.directories
    package var keepsDebugInfo = false
    /// The boot protocol; nil for the first one that the kernel asks for.
    package var bootProtocol: BootProtocol?
    package var waitsForDebugger = false

    package init(kernel: FilePath) { self.kernel = kernel }

    package var kernels: [(path: FilePath, architecture: Architecture)] {
        [(kernel, architecture)] + otherKernels.map { ($0.path, $0.architecture) }
    }

    /// The contents of the file `parameters` (Bootloader/README.md), if the image has one.
    var parameters: String? {
        guard commandLine != nil || !modules.isEmpty else { return nil }
        return ([commandLine ?? ""] + modules.map { "\($0.name)\t\($0.string)" })
            .map { $0 + "\n" }.joined()
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

/// The meaning of a file for the loader.
enum FileRole: Hashable, CaseIterable {
    case kernel, ramdisk, bootConfiguration
    /// The command line and the modules' names.
    case parameters
    /// A module, counted from 0.
    case module(Int)

    /// In the order of a signed loader's table (Bootloader/UEFI/include/digests.h).
    static var allCases: [Self] {
        [.kernel, .ramdisk, .bootConfiguration, .parameters]
            + (0..<PayloadKind.moduleLimit).map(Self.module)
    }

    /// Its name in a manifest.
    var name: String {
        switch self {
        case .kernel: "kernel"
        case .ramdisk: "ramdisk"
        case .bootConfiguration: "boot-config"
        case .parameters: "parameters"
        case .module: "module"
        }
    }

    func uefiFileName(on architecture: Architecture) -> String {
        switch self {
        case .kernel: architecture.uefiKernelName
        case .ramdisk: "ramdisk"
        case .bootConfiguration: "boot.json"
        case .parameters: "parameters"
        case .module(let index): "module-\(index + 1)"
        }
    }
}
