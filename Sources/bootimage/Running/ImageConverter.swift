import DiskImage
import FoundationEssentials
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

    /// Some bytes of the disk in a container; fewer where that ends.
    static func bytes(
        of container: FilePath, _ format: ContainerFormat, _ count: Int, at offset: UInt64
    ) throws(Failure) -> [UInt8] {
        let part = "driver=raw,offset=\(offset),size=\(count)"
        let source = "\(part),\(options(container, format, prefix: "file."))"
        return try output(
            ["convert", "--image-opts", "-O", "raw", source, "/dev/stdout"], of: container,
            byteCount: count)
    }

    /// How long the disk in a container is.
    static func diskByteCount(
        in container: FilePath, _ format: ContainerFormat
    ) throws(Failure) -> ByteCount {
        let text = try output(
            ["info", "--image-opts", "--output=json", options(container, format)], of: container,
            byteCount: 64 << 10)
        guard let information = try? JSONDecoder().decode(Information.self, from: Data(text))
        else {
            throw Failure(.inputOutput, "\(container): qemu-img does not tell how long its disk is")
        }
        return ByteCount(information.byteCount)
    }

    private struct Information: Decodable {
        let byteCount: UInt64

        private enum CodingKeys: String, CodingKey {
            case byteCount = "virtual-size"
        }
    }

    /// The first bytes of what the program says of a container.
    private static func output(
        _ arguments: [String], of container: FilePath, byteCount: Int
    ) throws(Failure) -> [UInt8] {
        let file = try TemporaryDescriptor()
        var program = try program(need: "\(container), a disk in a container,")
        program.output = file.descriptor
        try program.run(arguments)
        return try file.bytes(atMost: byteCount)
    }

    /// A container by its path alone.
    private static func options(
        _ container: FilePath, _ format: ContainerFormat, prefix: String = ""
    ) -> String {
        let name = container.string.replacing(",", with: ",,")
        return "\(prefix)driver=\(format.qemuName),\(prefix)file.driver=file,"
            + "\(prefix)file.filename=\(name)"
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
