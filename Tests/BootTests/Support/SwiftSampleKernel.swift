import Foundation
import SystemPackage
import TestSupport

/// A kernel of Fixtures/kernels in Embedded Swift, on the package's libraries for kernels, compiled
/// and linked with the flags of kernel.json; or one whose path is absolute.
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

        static let bootInfo = Library(name: "BootInfo", headers: "BootInfo/CBootInfo/include")
        static let kernelTesting = Library(
            name: "KernelTesting", headers: "KernelRuntime/include")
    }

    private static let target = "x86_64-unknown-none-elf"

    private let source: String
    private let definitions: [String]
    private let libraries: [Library]

    /// A kernel with an entry point of its own.
    init(source: String) {
        self.source = source
        definitions = []
        libraries = [.bootInfo]
    }

    /// A kernel of tests, which has its entry point from the library KernelTesting.
    init(tests: String, definitions: [String]) {
        self.source = tests
        self.definitions = definitions
        libraries = [.bootInfo, .kernelTesting]
    }

    /// Builds libraries and kernel in a folder and returns the kernel's path.
    func build(in folder: FilePath) async throws -> FilePath {
        let toolset = try JSONDecoder().decode(
            Toolset.self, from: Data(contentsOf: URL(filePath: Self.file("kernel.json"))))
        let swift =
            ["-target", Self.target] + toolset.swiftCompiler.extraCLIOptions
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
                ["--target=\(Self.target)", "-O1"] + toolset.cCompiler.extraCLIOptions
                    + ["-I", Self.file("Sources/KernelRuntime/include")]
                    + ["-c", Self.file("Sources/KernelRuntime/\(name).c"), "-o", object(name)])
        }
        let kernel = folder.appending("kernel.elf")
        try await Tool(name: "ld.lld").succeed(
            ["-static"] + toolset.linker.extraCLIOptions + objects + ["-o", kernel.string])
        return kernel
    }

    private static func file(_ path: String) -> String { Project.root.appending(path).string }

    private static func sources(of library: Library) throws -> [String] {
        let folder = "Sources/\(library.name)"
        return try FileManager.default.contentsOfDirectory(atPath: file(folder))
            .filter { $0.hasSuffix(".swift") }.map { file("\(folder)/\($0)") }
    }
}
