import DiskImage
import SystemPackage

/// QEMU's tool for disk images in containers.
enum ImageConverter {
    /// Puts a raw image into a container, in the place of a file that is there.
    static func convert(
        _ raw: FilePath, to format: ContainerFormat, at container: FilePath
    ) throws(Failure) {
        try program(need: "--format \(format.rawValue)").run(
            ["convert", "-f", "raw", "-O", format.qemuName] + format.creationOptions + [
                fileName(raw), fileName(container),
            ])
    }

    /// Refuses where the program is missing.
    static func check(_ format: ContainerFormat) throws(Failure) {
        _ = try program(need: "--format \(format.rawValue)")
    }

    /// The first bytes of the disk in a container.
    static func start(
        of container: FilePath, _ format: ContainerFormat, byteCount: Int
    ) throws(Failure) -> [UInt8] {
        let start = try TemporaryDescriptor()
        let name = container.string.replacing(",", with: ",,")
        let source =
            "driver=raw,size=\(byteCount),file.driver=\(format.qemuName),"
            + "file.file.driver=file,file.file.filename=\(name)"
        var program = try program(need: "\(container), a disk in a container,")
        program.output = start.descriptor
        try program.run(["convert", "--image-opts", "-O", "raw", source, "/dev/stdout"])
        return try start.bytes()
    }

    private static func program(need: String) throws(Failure) -> HelperProgram {
        try HelperProgram(name: "qemu-img", package: "qemu-utils", need: need)
    }

    /// A name that is neither an option nor a protocol, as in `nbd:…`.
    private static func fileName(_ path: FilePath) -> String {
        path.isAbsolute ? path.string : "./\(path)"
    }
}

extension ContainerFormat {
    /// The format in QEMU's words.
    var qemuName: String { self == .vhd ? "vpc" : rawValue }

    /// A VHD has otherwise the size of whole cylinders.
    fileprivate var creationOptions: [String] { self == .vhd ? ["-o", "force_size=on"] : [] }
}
