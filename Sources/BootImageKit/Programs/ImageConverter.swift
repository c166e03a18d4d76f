package import DiskImage
package import HostSystem
package import SystemPackage

import FoundationEssentials
import Libc

/// QEMU's tool for disk images in containers.
package enum ImageConverter {
    /// Puts a raw image into a container, in the place of a file that is there.
    static func convert(
        _ raw: FilePath, to format: ContainerFormat, at container: FilePath
    ) throws(Failure) {
        let program = try program(need: "--format \(format.rawValue)")
        let arguments =
            ["convert", "-f", "raw", "-O", format.qemuName] + format.creationOptions
            + [fileName(raw), fileName(container)]
        // A file size limit becomes an error that the program reports.
        try programs { () throws(ProgramError) in
            try ignoring(SIGXFSZ) { () throws(ProgramError) in _ = try program.run(arguments) }
        }
    }

    /// Refuses where the program is missing.
    package static func check(_ format: ContainerFormat) throws(Failure) {
        _ = try program(need: "--format \(format.rawValue)")
    }

    /// Some bytes of the disk in a container; fewer where that ends.
    package static func bytes(
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
        let program = try program(need: "\(container), a disk in a container,")
        let file: AnonymousFile
        do throws(FileError) { file = try AnonymousFile() } catch { throw Failure(error) }
        let output = file.descriptor
        try programs { () throws(ProgramError) in
            _ = try program.run(arguments, output: output)
        }
        do throws(FileError) { return try file.bytes(atMost: byteCount) } catch {
            throw Failure(error)
        }
    }

    /// A container by its path alone.
    private static func options(
        _ container: FilePath, _ format: ContainerFormat, prefix: String = ""
    ) -> String {
        let name = container.string.replacing(",", with: ",,")
        return "\(prefix)driver=\(format.qemuName),\(prefix)file.driver=file,"
            + "\(prefix)file.filename=\(name)"
    }

    private static func program(need: String) throws(Failure) -> Program {
        try Program("qemu-img", package: "qemu-utils", need: need)
    }

    /// A name that is neither an option nor a protocol, as in `nbd:…`.
    private static func fileName(_ path: FilePath) -> String {
        path.isAbsolute ? path.string : "./\(path)"
    }
}

extension ContainerFormat {
    /// A VHD has otherwise the size of whole cylinders.
    fileprivate var creationOptions: [String] { self == .vhd ? ["-o", "force_size=on"] : [] }
}
