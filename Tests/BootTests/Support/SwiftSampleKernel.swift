import Foundation
import SystemPackage
import TestSupport

/// A kernel of Fixtures/kernels in Embedded Swift, on the library BootInfo, compiled with the flags
/// of kernel.json and linked at the top of the address space.
struct SwiftSampleKernel {
    /// The part of a toolset file that is of use here.
    private struct Toolset: Decodable {
        struct Tool: Decodable { var extraCLIOptions: [String] }
        var swiftCompiler: Tool
        var cCompiler: Tool
    }

    var source: String

    private static let target = "x86_64-unknown-none-elf"

    /// Builds library and kernel in a folder and returns the kernel's path.
    func build(in folder: FilePath) async throws -> FilePath {
        let toolset = try JSONDecoder().decode(
            Toolset.self, from: Data(contentsOf: URL(filePath: Self.file("kernel.json"))))
        let swift =
            ["-target", Self.target] + toolset.swiftCompiler.extraCLIOptions
            + ["-swift-version", "6", "-warnings-as-errors", "-parse-as-library"]
            + ["-I", folder.string, "-I", Self.file("Sources/BootInfo/CBootInfo/include")]
        let objects = ["BootInfo.o", "kernel.o", "memory.o"].map { folder.appending($0).string }
        try await Tool(name: "swiftc").succeed(
            swift + ["-module-name", "BootInfo", "-emit-module-path"]
                + [folder.appending("BootInfo.swiftmodule").string]
                + ["-c"] + Self.librarySources() + ["-o", objects[0]])
        try await Tool(name: "swiftc").succeed(
            swift + ["-module-name", "Kernel"]
                + ["-import-bridging-header", Self.file("Fixtures/kernels/serial.h")]
                + ["-c", Project.kernels.appending(source).string, "-o", objects[1]])
        try await Tool(name: "clang").succeed(
            ["--target=\(Self.target)", "-O1"] + toolset.cCompiler.extraCLIOptions
                + ["-c", Self.file("Sources/Kernel/Runtime/memory.c"), "-o", objects[2]])
        let kernel = folder.appending("kernel.elf")
        try await Tool(name: "ld.lld").succeed(
            ["-static", "--gc-sections", "-T", Self.file("Sources/Kernel/kernel.ld")]
                + objects + ["-o", kernel.string])
        return kernel
    }

    private static func file(_ path: String) -> String { Project.root.appending(path).string }

    private static func librarySources() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: file("Sources/BootInfo"))
            .filter { $0.hasSuffix(".swift") }.map { file("Sources/BootInfo/" + $0) }
    }
}
