import DiskImage
import FoundationEssentials
import HostSystem
import Libc
import SystemPackage

/// `qemu-img`: converts disk images, and reads the disks in containers.
package enum ImageConverter {
    static let name = "qemu-img"

    /// Converts a raw image into a container, and replaces an existing file.
    static func convert(
        _ raw: FilePath, to format: ContainerFormat, at container: FilePath
    ) throws(BuildError) {
        // Without it, a VHD's size is rounded up to whole cylinders.
        let options = format == .vhd ? ["-o", "force_size=on"] : []
        let arguments =
            ["convert", "-f", "raw", "-O", format.qemuName] + options
            + [raw.argument, container.argument]
        try running(for: .format(format)) { () throws(ProgramError) in
            let program = try Program(name)
            // A limit on the size of files becomes an error that the program reports.
            try ignoring(SIGXFSZ) { () throws(ProgramError) in _ = try program.run(arguments) }
        }
    }

    /// Returns bytes of the disk in a container; fewer at its end.
    package static func bytes(
        of container: Container, _ count: Int, at offset: UInt64
    ) throws(BuildError) -> [UInt8] {
        let part = "driver=raw,offset=\(offset),size=\(count)"
        let source = "\(part),\(options(container, prefix: "file."))"
        return try output(
            ["convert", "--image-opts", "-O", "raw", source, "/dev/stdout"], of: container,
            byteCount: count)
    }

    static func diskByteCount(in container: Container) throws(BuildError) -> ByteCount {
        let text = try output(
            ["info", "--image-opts", "--output=json", options(container)], of: container,
            byteCount: 64 << 10)
        guard let information = try? JSONDecoder().decode(Information.self, from: Data(text))
        else { throw .unknownDiskSize(container.path) }
        return ByteCount(information.`virtual-size`)
    }

    private struct Information: Decodable {
        let `virtual-size`: UInt64
    }

    /// Runs the program on a container; returns the first bytes of its output.
    private static func output(
        _ arguments: [String], of container: Container, byteCount: Int
    ) throws(BuildError) -> [UInt8] {
        let file = try attempt(AnonymousFile(), orThrow: BuildError.file)
        let output = file.descriptor
        try running(for: .container(container.path)) { () throws(ProgramError) in
            var program = try Program(name)
            program.input = container.descriptor
            _ = try program.run(arguments, output: output)
        }
        return try attempt(file.bytes(atMost: byteCount), orThrow: BuildError.file)
    }

    /// The container on standard input.
    private static func options(_ container: Container, prefix: String = "") -> String {
        "\(prefix)driver=\(container.format.qemuName),\(prefix)file.driver=file,"
            + "\(prefix)file.filename=/dev/fd/0"
    }
}
