import SystemPackage
import TestSupport

/// A program of Fixtures/firmware, which starts the loader after it has changed what the firmware
/// offers.
struct OtherFirmware {
    let source: String
    let definitions: [String]
    var isForARM = false

    /// Puts the program in the loader's place in an image for UEFI.
    func replaceLoader(in image: FilePath, _ folder: FilePath) async throws {
        let loader = isForARM ? "BOOTAA64.EFI" : "BOOTX64.EFI"
        let program = try await program(starting: loader, in: folder)
        try await Tool(name: "mcopy").succeed([
            "-o", "-i", "\(image)@@1M", program.string, "::/EFI/BOOT/\(loader)",
        ])
    }

    private func program(starting loader: String, in folder: FilePath) async throws -> FilePath {
        let object = folder.appending("\(source).obj")
        let program = folder.appending("\(source).efi")
        let path = Project.root.appending("Bootloader/Prebuilt/\(loader)")
        try await Tool(name: "clang").succeed(
            [
                "--target=\(isForARM ? "aarch64" : "x86_64")-unknown-windows-gnu", "-Os",
                "-std=c23", "-Wall", "-Wextra", "-Werror", "-ffreestanding", "-fno-builtin",
                "-fno-stack-protector",
                "-I", Project.root.appending("Bootloader/UEFI/include").string,
                "-DLOADER=\"\(path)\"",
            ] + (isForARM ? [] : ["-mno-red-zone"]) + definitions.map { "-D\($0)" } + [
                "-c", Project.root.appending("Fixtures/firmware/\(source)").string,
                "-o", object.string,
            ])
        try await Tool(name: "lld-link").succeed([
            "/nologo", "/subsystem:efi_application", "/entry:efi_main", "/nodefaultlib",
            "/out:\(program)", object.string,
        ])
        return program
    }
}
