import SystemPackage
import TestSupport

/// Fixtures/firmware/tables.c: what gives the loader for AArch64 other tables than the firmware's.
enum OtherTables {
    /// Builds an image of a kernel that starts the loader by it.
    static func image(
        _ definitions: [String], startingWithPortAt port: UInt64, _ options: [String] = [],
        in folder: FilePath
    ) async throws -> FilePath {
        let kernel = try await SampleKernel(
            source: "serial_port.c", shape: .higherHalf, definitions: ["PORT=\(port)"],
            processor: .arm
        ).build(in: folder)
        let image = folder.appending("tables.img")
        try await Project.bootimage.succeed(
            ["build", kernel.string, "--firmware", "uefi", "--output", image.string] + options)
        try await OtherFirmware(source: "tables.c", definitions: definitions, isForARM: true)
            .replaceLoader(in: image, folder)
        return image
    }
}
