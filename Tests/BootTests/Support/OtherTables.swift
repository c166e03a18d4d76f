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
        let program = try await program(definitions, in: folder)
        try await Tool(name: "mcopy").succeed([
            "-o", "-i", "\(image)@@1M", program.string, "::/EFI/BOOT/BOOTAA64.EFI",
        ])
        return image
    }

    private static func program(
        _ definitions: [String], in folder: FilePath
    ) async throws -> FilePath {
        let (object, program) = (folder.appending("tables.obj"), folder.appending("tables.efi"))
        let loader = Project.root.appending("Bootloader/Prebuilt/BOOTAA64.EFI")
        try await Tool(name: "clang").succeed(
            [
                "--target=aarch64-unknown-windows-gnu", "-Os", "-std=c23", "-Wall", "-Wextra",
                "-Werror", "-ffreestanding", "-fno-builtin", "-fno-stack-protector",
                "-I", Project.root.appending("Bootloader/UEFI/include").string,
                "-DLOADER=\"\(loader)\"",
            ] + definitions.map { "-D\($0)" } + [
                "-c", Project.root.appending("Fixtures/firmware/tables.c").string,
                "-o", object.string,
            ])
        try await Tool(name: "lld-link").succeed([
            "/nologo", "/subsystem:efi_application", "/entry:efi_main", "/nodefaultlib",
            "/out:\(program)", object.string,
        ])
        return program
    }
}
