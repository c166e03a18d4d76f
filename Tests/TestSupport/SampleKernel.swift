public import SystemPackage

/// A kernel in Fixtures/kernels, built with the Swift toolchain's clang and ld.lld.
public struct SampleKernel: CustomStringConvertible, Sendable {
    /// The processor architecture of a kernel.
    public enum Processor: String, Sendable {
        case x86 = "x86_64"
        case arm = "aarch64"
        /// For boot protocols that enter a kernel in 32-bit mode.
        case i386

        fileprivate var compilerFlags: [String] {
            switch self {
            case .x86:
                ["--target=x86_64-unknown-none-elf", "-mno-red-zone", "-mno-sse", "-mno-mmx"]
            case .arm: ["--target=aarch64-none-elf", "-mgeneral-regs-only"]
            case .i386: ["--target=i386-unknown-none-elf", "-mno-sse", "-mno-mmx"]
            }
        }

        fileprivate var emulation: String {
            switch self {
            case .x86: "elf_x86_64"
            case .arm: "aarch64elf"
            case .i386: "elf_i386"
            }
        }
    }

    /// Where a kernel is linked to run, and as what kind of ELF file.
    public enum Shape: String, CaseIterable, Sendable {
        /// Static, at 1 MiB.
        case oneMebibyte
        /// Static, at the start of the upper half of the address space.
        case upperHalf
        /// Static, in the last 2 GiB of the address space.
        case higherHalf
        /// A static PIE, which runs anywhere.
        case positionIndependent
        /// A static PIE with packed relocations (DT_RELR).
        case packedRelocations
        /// A shared object with symbol relocations: GLOB_DAT, JUMP_SLOT and R_X86_64_64.
        case sharedObject
        /// Static, in the last 2 GiB, with link-time optimization.
        case linkTimeOptimized

        /// The shapes that differ only in their address.
        public static let usual: [Shape] = [.oneMebibyte, .higherHalf, .positionIndependent]

        fileprivate func compilerFlags(for processor: Processor) -> [String] {
            // Only x86-64 has a code model for the last 2 GiB; AArch64 code is relative to the PC.
            let kernelModel = processor == .x86 ? ["-mcmodel=kernel"] : []
            return switch self {
            case .oneMebibyte: ["-fno-pic"]
            case .upperHalf: ["-fno-pic", "-mcmodel=large"]
            case .higherHalf: ["-fno-pic"] + kernelModel
            case .positionIndependent, .packedRelocations: ["-fpie"]
            case .sharedObject: ["-fPIC"]
            case .linkTimeOptimized: ["-fno-pic", "-flto"] + kernelModel
            }
        }

        fileprivate func linkerFlags(for processor: Processor) -> [String] {
            switch self {
            case .oneMebibyte: ["-static", "--image-base=0x100000"]
            case .upperHalf:
                ["-static", "--image-base=0xffff\(processor == .arm ? "0" : "8")00000000000"]
            case .higherHalf: ["-static", "--image-base=0xffffffff80000000"]
            case .positionIndependent: ["-pie", "--no-dynamic-linker"]
            case .packedRelocations: ["-pie", "--no-dynamic-linker", "--pack-dyn-relocs=relr"]
            case .sharedObject: ["-shared", "--entry=_start"]
            case .linkTimeOptimized:
                ["-static", "--image-base=0xffffffff80000000"]
            }
        }
    }

    private let source: String
    private let shape: Shape
    private let definitions: [String]
    private let hasDebugInfo: Bool
    private let processor: Processor
    private let linkage: Linkage?

    /// A linker and its options, without the files.
    public struct Linkage: Sendable {
        let linker: String
        let options: [String]

        /// Creates a linkage with a linker that takes GNU ld's options.
        public init(_ linker: String, _ options: [String]) {
            (self.linker, self.options) = (linker, options)
        }
    }

    /// Creates a kernel from a file in Fixtures/kernels or an absolute path.
    ///
    /// `linkage` replaces the linker and the options that `shape` implies.
    public init(
        source: String, shape: Shape, definitions: [String] = [], hasDebugInfo: Bool = false,
        processor: Processor = .x86, linkage: Linkage? = nil
    ) {
        self.source = source
        self.shape = shape
        self.definitions = definitions
        self.hasDebugInfo = hasDebugInfo
        self.processor = processor
        self.linkage = linkage
    }

    /// A description for test reports.
    public var description: String {
        ([source] + definitions + ["\(shape)", processor.rawValue]).joined(separator: " ")
    }

    /// Builds the kernel in a folder and returns its path.
    public func build(in folder: FilePath) async throws -> FilePath {
        let object = folder.appending("kernel.o").string
        let kernel = folder.appending("kernel.elf")
        let flags = [
            "-ffreestanding", "-std=c17", "-O1", "-Wall", "-Wextra", "-Werror",
            "-fno-stack-protector",
            "-I", Project.root.appending("Sources/BootInfo/CBootInfo/include").string,
            "-I", Project.root.appending("Sources/KernelRuntime/include").string,
        ]
        let path = Project.kernels.pushing(FilePath(source)).string
        try await Tool(name: "clang").succeed(
            flags + processor.compilerFlags + shape.compilerFlags(for: processor)
                + (hasDebugInfo ? ["-g"] : [])
                + definitions.map { "-D\($0)" }
                + ["-Wno-unused-command-line-argument", "-c", path, "-o", object])
        let linkage =
            linkage
            ?? Linkage("ld.lld", ["--fatal-warnings"] + shape.linkerFlags(for: processor))
        try await Tool(name: linkage.linker).succeed(
            ["-m", processor.emulation, object, "-o", kernel.string] + linkage.options)
        return kernel
    }
}

/// Fixtures/kernels/raspi.c, a kernel for a Raspberry Pi 3.
public enum RaspiKernel {
    /// Builds the kernel and returns its path.
    public static func build(
        named name: String = "kernel.elf", definitions: [String] = [],
        at address: String = "0x80000", in folder: FilePath
    ) async throws -> FilePath {
        let script = Project.kernels.appending("raspi.ld").string
        let kernel = SampleKernel(
            source: "raspi.c", shape: .oneMebibyte, definitions: definitions, processor: .arm,
            linkage: .init(
                "ld.lld",
                ["--fatal-warnings", "-static", "--defsym=LOAD_ADDRESS=\(address)", "-T", script]))
        let path = folder.appending(name)
        let built = try await kernel.build(in: folder)
        if built != path { try await Tool(name: "mv").succeed([built.string, path.string]) }
        return path
    }
}

/// Fixtures/kernels/semihosting.S, a kernel for AArch64 that exits at once.
public enum SemihostingKernel {
    /// Builds the kernel and returns its path.
    public static func build(
        named name: String = "arm.elf", definitions: [String] = [],
        base: String = "0xffffffff80000000", in folder: FilePath
    ) async throws -> FilePath {
        let (object, kernel) = (folder.appending(name + ".o"), folder.appending(name))
        let source = Project.kernels.appending("semihosting.S").string
        try await Tool(name: "clang").succeed(
            ["--target=aarch64-none-elf"] + definitions.map { "-D\($0)" }
                + ["-c", source, "-o", object.string])
        try await Tool(name: "ld.lld").succeed([
            "-m", "aarch64elf", "-static", "--image-base=\(base)", object.string, "-o",
            kernel.string,
        ])
        return kernel
    }
}
