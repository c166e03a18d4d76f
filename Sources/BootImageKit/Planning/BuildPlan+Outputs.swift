import DiskImage
import HostSystem
import SystemPackage

extension BuildPlan {
    package var images: [(kind: ImageKind, outputs: [Output])] {
        outputs.map(\.kind).uniqued.map { kind in (kind, outputs.filter { $0.kind == kind }) }
    }

    /// The files to write: each image in each format.
    package static func outputs(_ options: BuildOptions) throws(PlanError) -> [Output] {
        let images = try images(options)
        if let path = options.output {
            let firmwares = Set(images.map(\.kind)).count
            guard firmwares == 1, options.outputDirectory == nil, options.name == nil else {
                throw .severalImages
            }
            guard images.count == 1 else { throw .severalFormats }
            return [
                Output(
                    kind: images[0].kind, format: images[0].format,
                    compression: options.compression, path: path)
            ]
        }
        var name = try defaultName(of: options.content.kernel)
        if let given = options.name { name = given }
        guard !name.isEmpty, !name.unicodeScalars.contains("/") else { throw .badName(name) }
        let directory = options.outputDirectory ?? options.content.kernel.removingLastComponent()
        return images.map { kind, format in
            let end = kind == .disc ? "iso" : "\(kind.rawValue).\(format.fileExtension)"
            let packed = options.compression.map { "." + $0.fileExtension } ?? ""
            return Output(
                kind: kind, format: format, compression: options.compression,
                path: directory.appending(text: "bootimage-\(name).\(end)\(packed)"))
        }
    }

    /// Each kind in each container, and a disc if that format is set; each once.
    private static func images(
        _ options: BuildOptions
    ) throws(PlanError) -> [(kind: ImageKind, format: ContainerFormat)] {
        var kinds = options.kinds.uniqued
        let isDisc = options.formats.contains(.iso)
        guard !isDisc || kinds.isEmpty || kinds.contains(.hybrid) else { throw .discNotHybrid }
        if kinds.isEmpty { kinds = ImageKind.defaults }
        let formats = options.formats.isEmpty ? [.container(.raw)] : options.formats.uniqued
        let containers = formats.compactMap(\.container)
        return kinds.flatMap { kind in containers.map { (kind, $0) } }
            + (isDisc ? [(.disc, .raw)] : [])
    }

    /// The kernel's file name without `.elf`.
    private static func defaultName(of kernel: FilePath) throws(PlanError) -> String {
        guard let component = kernel.lastComponent else { throw .namelessKernel(kernel) }
        return component.extension == "elf" ? component.stemText : component.text
    }
}

extension Array where Element: Equatable {
    /// Each element once, in the order of their first places.
    fileprivate var uniqued: [Element] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
