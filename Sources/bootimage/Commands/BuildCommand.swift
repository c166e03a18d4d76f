import ArgumentParser
import BootImageKit
import DiskImage
import HostSystem
import Settings
import SystemPackage

/// `bootimage build`: writes the images.
struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Write disk images that boot a kernel.",
        discussion: """
            Without --firmware, writes one image for BIOS and one for UEFI: NAME.bios.img and \
            NAME.uefi.img. Example: bootimage build kernel.elf --format qcow2 --format raw \
            --manifest build.json
            """)

    @Argument(
        help: ArgumentHelp(
            "The kernel's ELF file; or two, for x86-64 and AArch64, in one image. Default: the "
                + "kernel in bootimage.toml, which is built first.", valueName: "kernel"),
        completion: .file(), transform: FilePath.init(text:))
    var kernels: [FilePath] = []

    @OptionGroup(title: "Image") var image: ImageOptions

    @OptionGroup(title: "Content") var content: ContentOptions

    @OptionGroup(title: "Output") var output: OutputOptions

    func run() throws {
        let settings = try Settings.load(file: content.config)
        let paths = try kernels.isEmpty ? [KernelBuilder.run(settings)] : kernels
        let kernels = try KernelFiles(paths, as: content.bootProtocol ?? settings.bootProtocol)
        var options = content.options(for: paths[0])
        options.content = kernels.content(options.content)
        image.set(&options)
        output.set(&options)
        let plan = try BuildPlan(settings.fillingWithPlaces(options))
        let fileSystems = FileSystems(report: Console.guestFSProgress(isQuiet: output.quiet))
        try plan.checkHost(isDryRun: output.dryRun)
        let build = try LoadedBuild(plan, kernels, fileSystems: output.dryRun ? nil : fileSystems)
        if !output.quiet {
            for warning in build.builder.warnings { Console.warning(warning.text) }
        }
        if output.dryRun { return try show(build) }
        try write(build)
    }

    /// Prints the layout of each output.
    private func show(_ build: LoadedBuild) throws(Failure) {
        for (layout, outputs) in build.images {
            for output in outputs { try Console.print("\(output.path):\n\(layout)") }
        }
        if let (path, layout) = build.folder { try Console.print("\(path):\n\(layout)") }
    }

    /// Writes the outputs, and prints the path of each.
    private func write(_ build: LoadedBuild) throws {
        var manifest = try ManifestWriter.prepare(for: build)
        var published: [PublishedImage] = []
        for (layout, outputs) in build.images {
            published.append(try build.publish(layout, as: outputs))
            try report(outputs.map(\.path))
        }
        if let (path, layout) = build.folder {
            try build.builder.write(layout, to: path)
            try report([path])
        }
        if let paths = try manifest?.write(published) { try report(paths) }
    }

    private func report(_ paths: [FilePath]) throws(Failure) {
        if output.quiet { return }
        for path in paths { try Console.print("\(path)") }
    }
}
