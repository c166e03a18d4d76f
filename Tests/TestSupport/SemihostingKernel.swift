public import SystemPackage

/// Fixtures/kernels/semihosting.S, a kernel for AArch64 that ends at once.
public enum SemihostingKernel {
    /// Builds the kernel and returns its path.
    public static func build(
        named name: String = "arm.elf", definitions: [String] = [], in folder: FilePath
    ) async throws -> FilePath {
        let (object, kernel) = (folder.appending(name + ".o"), folder.appending(name))
        let source = Project.kernels.appending("semihosting.S").string
        try await Tool(name: "clang").succeed(
            ["--target=aarch64-none-elf"] + definitions.map { "-D\($0)" }
                + ["-c", source, "-o", object.string])
        try await Tool(name: "ld.lld").succeed([
            "-m", "aarch64elf", "-static", "--image-base=0xffffffff80000000", object.string,
            "-o", kernel.string,
        ])
        return kernel
    }
}
