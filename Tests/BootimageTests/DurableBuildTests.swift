import Foundation
import SystemPackage
import TestSupport
import Testing

/// `build --durable`: the calls that force outputs to the disk, and their order.
@Suite(.needs("clang", "ld.lld", "strace"))
struct DurableBuildTests {
    /// The calls `fsync FILE` and `rename FILE` of a build.
    private static func calls(_ options: [String]) async throws -> [String] {
        try await withTemporaryFolder { folder in
            let kernel = folder.appending("kernel.elf")
            try write(await HelloKernel.bytes, to: kernel)
            let log = folder.appending("log").string
            let paths = options.map { $0.replacing("FOLDER", with: folder.string) }
            try await Tool(name: "strace").succeed(
                ["-f", "-y", "-o", log, "-e", "trace=fsync,rename", Project.bootimage.name]
                    + ["build", kernel.string, "--firmware", "bios"] + paths)
            let real = URL(filePath: folder.string).resolvingSymlinksInPath().path
            return try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
                .compactMap { line in
                    if line.contains("rename(") { return "rename" }
                    guard line.contains("fsync(") else { return nil }
                    return line.contains("<\(real)>") ? "fsync folder" : "fsync file"
                }
        }
    }

    @Test(arguments: [
        (["-o", "FOLDER/i"], ["rename"]),
        (["-o", "FOLDER/i", "--durable"], ["fsync file", "rename", "fsync folder"]),
        (
            ["-o", "FOLDER/i", "--durable", "--manifest", "FOLDER/m"],
            Array(repeating: ["fsync file", "rename", "fsync folder"], count: 3).flatMap(\.self)
        ),
    ])
    func `the file is synced before its rename, and the folder after it`(
        _ options: [String], _ expected: [String]
    ) async throws {
        #expect(try await Self.calls(options) == expected)
    }
}
