import DiskImage
import ELFKit
import HostSystem

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
        }
        let discs: [ImageKind] = options.formats.contains(.iso) ? [.disc] : []
        if let kind = (discs + options.kinds).first(where: { !$0.starts(options.content) }),
            let kernel = kernels.first(where: { !$0.architecture.firmwares.contains(.bios) })
        {
            let option = kind == .disc ? "--format iso" : "--firmware \(kind.rawValue)"
            throw Failure(
                .usage,
                "\(option) is for BIOS\(kind == .bios ? "" : ", too"), and \(kernel.path) is for "
                    + "\(kernel.architecture.name), which has none; give --firmware uefi"
                    + (kind == .bios ? "" : ", or a kernel for x86-64 as well"))
        }
    }

    /// What is written where nobody says anything: one image for each firmware that all of the
    /// kernels start on.
    static func usualKinds(_ content: KernelContent) -> [ImageKind] {
        ImageKind.usual.filter { $0.starts(content) }
    }
}

extension ImageKind {
    /// Whether each firmware of the image has a kernel to start, and each kernel a firmware.
    fileprivate func starts(_ content: KernelContent) -> Bool {
        let offers = content.kernels.map { Set($0.architecture.firmwares) }
        return firmwares.allSatisfy { firmware in offers.contains { $0.contains(firmware) } }
            && offers.allSatisfy { !$0.isDisjoint(with: firmwares) }
    }
}
