import SystemPackage
import TestSupport
import Testing

/// Kernels with debug information, as the image's readers see them.
@Suite(.needs("clang", "ld.lld", "ld.bfd", "readelf", "nm", "objcopy"))
struct DebugInfoTests {
    /// How a kernel is compiled and linked.
    struct Recipe: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var compilerOptions: [String]
        var linker = "ld.lld"
        var linkerOptions: [String]
    }

    private static let source = """
        #ifdef ZEROES_ALONE
        #define VARIABLE static const volatile
        #else
        #define VARIABLE
        #endif
        VARIABLE int table[4] = {1, 2, 3, 4};
        int zeroes[5000] __attribute__((aligned(65536)));
        static void spin(int n) { for (;;) zeroes[n] += table[n]; }
        void _start(void) { spin(table[2]); }
        """

    static let recipes = [
        Recipe(
            testDescription: "by ld.lld, at 1 MiB", compilerOptions: ["-fno-pic"],
            linkerOptions: ["-static", "--image-base=0x100000"]),
        Recipe(
            testDescription: "by ld.lld, with zeroes alone in a segment",
            compilerOptions: ["-fno-pic", "-DZEROES_ALONE"], linkerOptions: ["-static"]),
        Recipe(
            testDescription: "by ld.lld, position-independent", compilerOptions: ["-fPIE"],
            linkerOptions: ["-pie", "--no-dynamic-linker"]),
        Recipe(
            testDescription: "by ld.lld, with all relocations kept",
            compilerOptions: ["-fno-pic"], linkerOptions: ["-static", "--emit-relocs"]),
        Recipe(
            testDescription: "by ld.lld, compressed", compilerOptions: ["-fno-pic"],
            linkerOptions: ["-static", "--compress-debug-sections=zlib"]),
        Recipe(
            testDescription: "by GNU ld, at 1 MiB", compilerOptions: ["-fno-pic"],
            linker: "ld.bfd", linkerOptions: ["-static", "-Ttext=0x100000"]),
        Recipe(
            testDescription: "by GNU ld, position-independent", compilerOptions: ["-fPIE"],
            linker: "ld.bfd", linkerOptions: ["-pie", "--no-dynamic-linker"]),
        Recipe(
            testDescription: "by GNU ld, with all relocations kept",
            compilerOptions: ["-fno-pic"], linker: "ld.bfd",
            linkerOptions: ["-static", "--emit-relocs"]),
    ]

    @Test(arguments: recipes)
    func `binutils read what is left, and find the same in it`(_ recipe: Recipe) async throws {
        try await withTemporaryFolder { folder in
            let whole = try await Self.build(recipe, in: folder)
            let stripped = try await Self.kernelInImage(of: whole, in: folder)
            #expect(try stripped.stat().size < whole.stat().size)

            let headers = try await Tool(name: "readelf").succeed(["-aW", stripped.string])
            #expect(headers.error == "")
            #expect(!headers.says("Warning", ".debug_"), "\(headers.text)")
            #expect(
                try await Tool(name: "readelf").succeed(["-SW", whole.string]).says(".debug_info"))

            let symbols = try await Tool(name: "nm").succeed(["-n", whole.string]).output
            #expect(symbols.contains(" T _start\n"))
            #expect(try await Tool(name: "nm").succeed(["-n", stripped.string]).output == symbols)

            #expect(try await Self.memory(of: stripped) == Self.memory(of: whole))
        }
    }

    @Test func `--keep-debug-info takes the file as it is`() async throws {
        try await withTemporaryFolder { folder in
            let whole = try await Self.build(Self.recipes[0], in: folder)
            let kept = try await Self.kernelInImage(of: whole, in: folder, ["--keep-debug-info"])
            let areSame = try read(kept) == read(whole)
            #expect(areSame)
        }
    }

    @Test func `debug information changes the image only where it is kept`() async throws {
        try await withTemporaryFolder { folder in
            var images: [[UInt8]] = []
            for options in [[], ["--keep-debug-info"]] {
                for place in ["/here", "/somewhere/else"] {
                    var recipe = Self.recipes[0]
                    recipe.compilerOptions.append("-fdebug-compilation-dir=\(place)")
                    let kernel = try await Self.build(recipe, in: folder)
                    let image = folder.appending("image").string
                    try await Project.bootimage.succeed(
                        ["build", kernel.string, "--firmware", "uefi", "-o", image] + options)
                    images.append(try read(FilePath(image)))
                }
            }
            let areSame = (images[0] == images[1], images[2] == images[3])
            #expect(areSame == (true, false))
        }
    }

    @Test func `an image that is there keeps what it has`() async throws {
        try await withKernelAndQEMU { folder, kernel, qemu in
            try await Project.bootimage.succeed(["build", kernel])
            let image = "\(folder)/bootimage-kernel.bios.img"
            try await qemu.run(["run", image, "--keep-debug-info"])
                .expectRefusal(64, saying: "--keep-debug-info", image)
        }
    }

    @Test(.needs("llvm-objcopy", "eu-strip"))
    func `a file with debug information only is refused by name`() async throws {
        try await withTemporaryFolder { folder in
            for recipe in Self.recipes {
                let whole = try await Self.build(recipe, in: folder)
                let debug = folder.appending("kernel.debug").string
                for separate in [
                    ["objcopy", "--only-keep-debug", whole.string, debug],
                    ["llvm-objcopy", "--only-keep-debug", whole.string, debug],
                    ["eu-strip", "-f", debug, "-o", folder.appending("rest").string, whole.string],
                ] {
                    try await Tool(name: separate[0]).succeed(Array(separate.dropFirst()))
                    try await Project.bootimage.run(["build", debug]).expectRefusal(
                        65, saying: debug, "debug information only", "[elf-debug-file]")
                    let inspection = try await Project.bootimage.run(["inspect", debug])
                    #expect(inspection.exitCode == 65)
                    let errors = inspection.lines.filter { $0.hasPrefix("  error: ") }
                    #expect(errors.count == 1, "\(inspection.text)")
                }
            }
        }
    }

    /// Compiles and links the source.
    private static func build(_ recipe: Recipe, in folder: FilePath) async throws -> FilePath {
        let (source, object) = (folder.appending("kernel.c"), folder.appending("kernel.o"))
        let kernel = folder.appending("kernel")
        try write(Self.source.utf8, to: source)
        try await Tool(name: "clang").succeed(
            ["--target=x86_64-unknown-none-elf", "-ffreestanding", "-O1", "-g", "-c"]
                + recipe.compilerOptions + [source.string, "-o", object.string])
        try await Tool(name: recipe.linker).succeed(
            ["-m", "elf_x86_64"] + recipe.linkerOptions + [object.string, "-o", kernel.string])
        return kernel
    }

    /// The kernel's file as an image holds it.
    private static func kernelInImage(
        of kernel: FilePath, in folder: FilePath, _ options: [String] = []
    ) async throws -> FilePath {
        let served = folder.appending("served")
        try await Project.bootimage.succeed(
            ["build", kernel.string, "--pxe-directory", served.string] + options)
        return served.appending("kernel-x86_64")
    }

    /// What is in memory when the kernel has been loaded.
    private static func memory(of kernel: FilePath) async throws -> [UInt8] {
        let memory = FilePath(kernel.string + ".bin")
        try await Tool(name: "objcopy").succeed(["-O", "binary", kernel.string, memory.string])
        return try read(memory)
    }
}
