import Foundation
import SystemPackage
import TestSupport

/// A kernel of Fixtures/kernels in Embedded Swift, on the package's libraries for kernels, compiled
/// and linked with the flags of its processor's toolset; or one whose path is absolute.
struct SwiftSampleKernel {
    /// The part of a toolset file that is of use here.
    private struct Toolset: Decodable {
        struct Tool: Decodable { var extraCLIOptions: [String] }
        var swiftCompiler: Tool
        var cCompiler: Tool
        var linker: Tool
    }

    /// A module of the package, with the C header that it is over.
    private struct Library {
        var name: String
        var headers: String

        static let bootInfo = Library(name: "BootInfo", headers: Self.contract)
        static let contract = "BootInfo/CBootInfo/include"
        static let kernelTesting = Library(
            name: "KernelTesting", headers: "KernelRuntime/include")
    }

    private let source: String
    private let definitions: [String]
    private let libraries: [Library]
    private let processor: SampleKernel.Processor

    /// A kernel with an entry point of its own.
    init(source: String, processor: SampleKernel.Processor = .x86) {
        self.source = source
        definitions = []
        libraries = [.bootInfo]
        self.processor = processor
    }

    /// A kernel of tests, which has its entry point from the library KernelTesting.
    init(
        tests: String, definitions: [String], processor: SampleKernel.Processor = .x86
    ) {
        self.source = tests
        self.definitions = definitions
        libraries = [.bootInfo, .kernelTesting]
        self.processor = processor
    }

    /// Builds libraries and kernel in a folder and returns the kernel's path.
    func build(in folder: FilePath) async throws -> FilePath {
        let toolset = try JSONDecoder().decode(
            Toolset.self, from: Data(contentsOf: URL(filePath: Self.file(toolsetName))))
        let swift =
            ["-target", target] + toolset.swiftCompiler.extraCLIOptions
            + ["-swift-version", "6", "-warnings-as-errors", "-parse-as-library"]
            + ["-I", folder.string]
            + libraries.flatMap { ["-I", Self.file("Sources/\($0.headers)")] }
        var objects: [String] = []
        func object(_ name: String) -> String {
            objects.append(folder.appending("\(name).o").string)
            return objects[objects.count - 1]
        }
        for library in libraries {
            try await Tool(name: "swiftc").succeed(
                swift + ["-module-name", library.name, "-emit-module-path"]
                    + [folder.appending("\(library.name).swiftmodule").string]
                    + ["-c"] + Self.sources(of: library) + ["-o", object(library.name)])
        }
        try await Tool(name: "swiftc").succeed(
            swift + ["-module-name", "Kernel"] + definitions.flatMap { ["-D", $0] }
                + ["-import-bridging-header", Self.file("Fixtures/kernels/serial.h")]
                + ["-c", Project.kernels.pushing(FilePath(source)).string, "-o", object("kernel")])
        for name in ["memory", "testing"] {
            try await Tool(name: "clang").succeed(
                ["--target=\(target)", "-O1"] + toolset.cCompiler.extraCLIOptions
                    + ["-I", Self.file("Sources/KernelRuntime/include")]
                    + ["-I", Self.file("Sources/\(Library.contract)")]
                    + ["-c", Self.file("Sources/KernelRuntime/\(name).c"), "-o", object(name)])
        }
        let kernel = folder.appending("kernel.elf")
        try await Tool(name: "ld.lld").succeed(
            ["-static"] + toolset.linker.extraCLIOptions + objects + ["-o", kernel.string])
        return kernel
    }

    private var target: String {
        processor == .x86 ? "x86_64-unknown-none-elf" : "aarch64-none-none-elf"
    }

    private var toolsetName: String {
        processor == .x86 ? "kernel.json" : "kernel-aarch64.json"
    }

    private static func file(_ path: String) -> String { Project.root.appending(path).string }

    private static func sources(of library: Library) throws -> [String] {
        let folder = "Sources/\(library.name)"
        return try FileManager.default.contentsOfDirectory(atPath: file(folder))
            .filter { $0.hasSuffix(".swift") }.map { file("\(folder)/\($0)") }
    }
}
