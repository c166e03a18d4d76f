import DiskImage
import SystemPackage

extension KernelContent {
    /// The file that the error concerns; the kernel if it concerns them all.
    func source(of error: LayoutError) -> FilePath {
        switch error {
        case .badPath(let path, _, _), .duplicatePath(let path, _), .fileIsFolder(let path, _),
            .fileTooLong(let path, _, _):
            let extraFile = extraFiles.last { $0.destination == path }
            let directory = directories.last {
                $0.destination == "/" || path.hasPrefix($0.destination + "/")
            }
            let loaded = kernels.first { $0.architecture.uefiKernelName == path }?.path
            let role = FileRole.allCases.first { $0.uefiFileName(on: architecture) == path }
            return extraFile?.source ?? directory?.source ?? loaded ?? source(of: role)
        case .payloadItemTooLong(let kind, _, _):
            return source(of: FileRole.allCases.first { $0.payloadKind == kind })
        default:
            return kernel
        }
    }

    private func source(of role: FileRole?) -> FilePath {
        switch role {
        case .ramdisk: ramdisk ?? kernel
        case .bootConfiguration: bootConfiguration ?? kernel
        case .kernel, nil: kernel
        }
    }
}
