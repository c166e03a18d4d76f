package import DiskImage
package import SystemPackage

/// A plan with its inputs loaded and all outputs laid out: contents that do not fit one of them are
/// refused before another is written.
package struct LoadedBuild {
    package let plan: BuildPlan
    package let builder: ImageBuilder
    package let images: [(layout: ImageLayout, outputs: [BuildPlan.Output])]
    /// The folder for a TFTP server.
    package let folder: (path: FilePath, layout: FolderLayout)?

    /// Loads the inputs; without `fileSystems`, the partitions that libguestfs fills stay empty.
    package init(
        _ plan: BuildPlan, _ kernels: KernelFiles, fileSystems: FileSystems?
    ) throws(BuildError) {
        self.plan = plan
        let builder = try ImageBuilder(plan, kernels, fileSystems: fileSystems)
        self.builder = builder
        images = try plan.images.map { image throws(BuildError) in
            (try builder.layOut(image.kind), image.outputs)
        }
        folder = try plan.pxeDirectory.map { path throws(BuildError) in
            (path, try builder.layOutNetworkFolder())
        }
    }
}
