package import DiskImage

import HostSystem
import SystemPackage

extension Failure {
    /// What an output cannot hold, with the input that it is about in front.
    package init(_ error: LayoutError, in content: KernelContent) {
        let option = error.option.map { " (\($0))" } ?? ""
        self.init(.badInput, "\(content.source(of: error)): \(error)\(option)")
    }
}

extension LayoutError {
    /// The option that takes the types of FAT of which the error speaks.
    fileprivate var option: String? {
        switch self {
        case .rootFolderTooLong: "--esp-fat 32"
        case .volumeTooLong(_, _, _, let alternatives) where !alternatives.isEmpty:
            "--esp-fat " + alternatives.map { "\($0.rawValue)" }.joined(separator: " or ")
        case .contentTooLong(_, _, _, _, let alternatives) where !alternatives.isEmpty:
            "--esp-fat " + alternatives.map { "\($0.rawValue)" }.joined(separator: " or ")
        default: nil
        }
    }
}

extension KernelContent {
    /// The file to look at; the kernel where the fault is nobody's alone.
    fileprivate func source(of error: LayoutError) -> FilePath {
        switch error {
        case .badPath(let path, _, _), .duplicatePath(let path, _), .fileIsFolder(let path, _),
            .fileTooLong(let path, _, _):
            let loaded = kernels.first { $0.architecture.uefiKernelName == path }?.path
            let role = BuildInputs.Role.allCases.first {
                $0.uefiFileName(on: architecture) == path
            }
            let extraFile = extraFiles.last { $0.destination == path }
            return extraFile?.source ?? directory(of: path)?.source ?? loaded ?? source(of: role)
        case .payloadItemTooLong(let kind, _, _):
            return source(of: BuildInputs.Role.allCases.first { $0.payloadKind == kind })
        default:
            return kernel
        }
    }

    /// The folder that brought a path in.
    private func directory(of path: String) -> ExtraFile? {
        directories.last { $0.destination == "/" || path.hasPrefix($0.destination + "/") }
    }

    private func source(of role: BuildInputs.Role?) -> FilePath {
        switch role {
        case .ramdisk: ramdisk ?? kernel
        case .bootConfiguration: bootConfiguration ?? kernel
        case .kernel, nil: kernel
        }
    }
}
