package import HostSystem

import DiskImage
import SystemPackage

extension BuildPlan {
    /// The images, each with the files that hold it.
    package var images: [(kind: ImageKind, outputs: [Output])] {
        var images: [(kind: ImageKind, outputs: [Output])] = []
        for output in outputs {
            if images.last?.kind != output.kind { images.append((output.kind, [])) }
            images[images.count - 1].outputs.append(output)
        }
        return images
    }

    /// The files that are asked for, each image in each of its formats.
    package static func outputs(_ options: BuildOptions) throws(Failure) -> [Output] {
        let images = try images(options)
        if let path = options.output {
            let firmwares = Set(images.map(\.kind)).count
            guard firmwares == 1, options.outputDirectory == nil, options.name == nil else {
                throw Failure(
                    .usage,
                    "--output names one image: give one --firmware, and neither --name nor "
                        + "--output-directory")
            }
            guard images.count == 1 else {
                throw Failure(.usage, "--output names one image: give one --format")
            }
            return [
                Output(
                    kind: images[0].kind, format: images[0].format,
                    compression: options.compression, path: path)
            ]
        }
        var name = try defaultName(of: options.content.kernel)
        if let given = options.name { name = given }
        guard !name.isEmpty, !name.unicodeScalars.contains("/") else {
            throw Failure(.usage, "--name “\(name)” is not a file name")
        }
        let directory = options.outputDirectory ?? options.content.kernel.removingLastComponent()
        return images.map { kind, format in
            let end = kind == .disc ? "iso" : "\(kind.rawValue).\(format.fileExtension)"
            let packed = options.compression.map { "." + $0.fileExtension } ?? ""
            return Output(
                kind: kind, format: format, compression: options.compression,
                path: directory.appending("bootimage-\(name).\(end)\(packed)"))
        }
    }

    /// Each kind in each container, and a disc if one is asked for; each once.
    private static func images(
        _ options: BuildOptions
    ) throws(Failure) -> [(kind: ImageKind, format: ContainerFormat)] {
        var kinds: [ImageKind] = []
        for kind in options.kinds where !kinds.contains(kind) { kinds.append(kind) }
        let isDisc = options.formats.contains(.iso)
        guard !isDisc || kinds.isEmpty || kinds.contains(.hybrid) else {
            throw Failure(
                .usage,
                "--format iso is for both firmwares: give --firmware hybrid, or none")
        }
        if kinds.isEmpty { kinds = ImageKind.usual }
        let containers = containers(options)
        return kinds.flatMap { kind in containers.map { (kind, $0) } }
            + (isDisc ? [(.disc, .raw)] : [])
    }

    /// In the order given, each once.
    private static func containers(_ options: BuildOptions) -> [ContainerFormat] {
        if options.formats.isEmpty { return [.raw] }
        var containers: [ContainerFormat] = []
        for case .container(let format) in options.formats where !containers.contains(format) {
            containers.append(format)
        }
        return containers
    }

    /// The kernel's file name without `.elf`.
    private static func defaultName(of kernel: FilePath) throws(Failure) -> String {
        guard let component = kernel.lastComponent else {
            throw Failure(.usage, "“\(kernel)” does not name a file")
        }
        return component.extension == "elf" ? component.stem : component.string
    }
}
