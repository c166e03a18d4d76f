import ELFKit

extension BuildPlan {
    /// Refuses kernels that take each other's place, and images for firmware that a kernel's
    /// machines do not have.
    static func checkArchitectures(_ options: BuildOptions) throws(Failure) {
        let kernels = options.content.kernels
        for (index, kernel) in kernels.enumerated() {
            let twin = kernels[..<index].first { $0.architecture == kernel.architecture }
            if let twin {
                throw Failure(
                    .usage,
                    "\(twin.path) and \(kernel.path) are both for \(kernel.architecture.name); an "
                        + "image takes one kernel for each architecture")
            }
            let kind = options.kinds.first { kind in
                !kind.firmwares.allSatisfy(kernel.architecture.firmwares.contains)
            }
            let option =
                options.formats.contains(.iso) && !kernel.architecture.firmwares.contains(.bios)
                ? "--format iso" : kind.map { "--firmware \($0.rawValue)" }
            if let option {
                throw Failure(
                    .usage,
                    "\(option) is for BIOS, too, and \(kernel.path) is for "
                        + "\(kernel.architecture.name), which has none; give --firmware uefi")
            }
        }
    }

    /// What is written where nobody says anything: one image for each firmware that all of the
    /// kernels start on.
    static func usualKinds(_ content: KernelContent) -> [ImageKind] {
        ImageKind.usual.filter { kind in
            content.kernels.allSatisfy { kernel in
                kind.firmwares.allSatisfy(kernel.architecture.firmwares.contains)
            }
        }
    }
}
