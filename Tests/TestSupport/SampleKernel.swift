public import SystemPackage

/// A kernel of Fixtures/kernels, compiled and linked with the Swift toolchain's clang and ld.lld.
public struct SampleKernel: CustomStringConvertible, Sendable {
    /// What a kernel runs on.
    public enum Processor: String, Sendable {
        case x86 = "x86_64"
        case arm = "aarch64"

        fileprivate var compilerFlags: [String] {
            switch self {
            case .x86:
                ["--target=x86_64-unknown-none-elf", "-mno-red-zone", "-mno-sse", "-mno-mmx"]
            case .arm: ["--target=aarch64-none-elf", "-mgeneral-regs-only"]
            }
        }

        fileprivate var emulation: String { self == .x86 ? "elf_x86_64" : "aarch64elf" }
    }

    /// Where and how a kernel is linked.
    public enum Shape: String, CaseIterable, Sendable {
        /// Static, at 1 MiB.
        case oneMebibyte
        /// Static, at the start of the upper half.
        case upperHalf
        /// Static, in the last 2 GiB.
        case higherHalf
        /// A static PIE, anywhere.
        case positionIndependent
        /// The same, with its relocations packed: DT_RELR.
        case packedRelocations
        /// A shared object whose own symbols are looked up: GLOB_DAT, JUMP_SLOT, R_X86_64_64.
        case sharedObject
        /// In the last 2 GiB, optimised as a whole by the linker.
        case linkTimeOptimized

        /// Those that differ in address alone.
        public static let usual: [Shape] = [.oneMebibyte, .higherHalf, .positionIndependent]

        fileprivate func compilerFlags(for processor: Processor) -> [String] {
            // Only x86-64 has a model for the last 2 GiB: others reach all around themselves.
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

        fileprivate var linkerFlags: [String] {
            switch self {
            case .oneMebibyte: ["-static", "--image-base=0x100000"]
            case .upperHalf: ["-static", "--image-base=0xffff800000000000"]
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

    /// A linker's name, with all of its options but the files.
    public struct Linkage: Sendable {
        let linker: String
        let options: [String]

        /// Names a linker that has GNU ld's options, and tells it what to do.
        public init(_ linker: String, _ options: [String]) {
            (self.linker, self.options) = (linker, options)
        }
    }

    /// Names a file of Fixtures/kernels, or an absolute path, how to link it, and what to define
    /// for the compiler.
    ///
    /// A linkage replaces the shape's own.
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

    /// What the kernel is, for test reports.
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
        let linkage = linkage ?? Linkage("ld.lld", ["--fatal-warnings"] + shape.linkerFlags)
        try await Tool(name: linkage.linker).succeed(
            ["-m", processor.emulation, object, "-o", kernel.string] + linkage.options)
        return kernel
    }
}
