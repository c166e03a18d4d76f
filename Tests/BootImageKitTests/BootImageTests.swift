import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import DiskImage
@testable import ELFKit

/// The library's public interface.
@Suite(.needs("clang", "ld.lld"))
struct BootImageTests {
    private static func withKernel(
        _ body: (_ folder: FilePath, _ kernel: FilePath) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try await body(
                folder,
                try await SampleKernel(source: "hello.S", shape: .higherHalf).build(in: folder))
        }
    }

    @Test(arguments: ImageKind.allCases.filter { $0.board == nil })
    func `an image is written as planned, and is the executable's`(_ kind: ImageKind) async throws {
        try await Self.withKernel { folder, kernel in
            let plan = try BootImage.plan(kernel: kernel.string, firmware: kind)
            let output = folder.appending("library.img")
            try plan.write(to: output.string)
            let bytes = try Data(contentsOf: URL(filePath: output.string))
            #expect(UInt64(bytes.count) == plan.byteCount)
            #expect(plan.description.contains(kind == .bios ? "boot sector" : "protective MBR"))
            let other = folder.appending("executable.img")
            let options =
                kind == .disc ? ["--format", "iso"] : ["--firmware", kind.rawValue]
            try await Project.bootimage.succeed(
                ["build", kernel.string, "-o", other.string] + options)
            #expect(try Data(contentsOf: URL(filePath: other.string)) == bytes)
        }
    }

    @Test(arguments: Board.allCases)
    func `a card is written as planned, and is the executable's`(_ board: Board) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await RaspiKernel.build(in: folder)
            let plan = try BootImage.plan(kernel: kernel.string, firmware: ImageKind(board))
            let output = folder.appending("library.img")
            try plan.write(to: output.string)
            #expect(plan.byteCount == 64 << 20)
            let other = folder.appending("executable.img")
            try await Project.bootimage.succeed([
                "build", kernel.string, "--board", board.rawValue, "--without-firmware", "-o",
                other.string,
            ])
            let bytes = try Data(contentsOf: URL(filePath: output.string))
            #expect(try Data(contentsOf: URL(filePath: other.string)) == bytes)
        }
    }

    @Test func `options change the image`() async throws {
        try await Self.withKernel { folder, kernel in
            var options = BootImage.Options()
            options.volumeLabel = "LIBRARY"
            options.ramdisk = kernel.string
            options.files = ["b": kernel.string, "a/c": kernel.string]
            options.timestamp = 1_700_000_000
            options.minimumByteCount = 100 << 20
            let plan = try BootImage.plan(
                kernel: kernel.string, firmware: .uefi, options: options)
            #expect(plan.byteCount == 100 << 20)
            for name in ["ramdisk", "b", "a/c"] {
                #expect(plan.description.contains("  \(name)\n"), "\(plan)")
            }
            let output = folder.appending("a.img")
            try plan.write(to: output.string)
            let image = try Data(contentsOf: URL(filePath: output.string))
            #expect(image.range(of: Data("LIBRARY    ".utf8)) != nil)
        }
    }

    @Test func `errors have a code`() async throws {
        try await Self.withKernel { folder, kernel in
            func code(_ kernel: String, _ change: (inout BootImage.Options) -> Void = { _ in })
                -> BootImageError.Code?
            {
                var options = BootImage.Options()
                change(&options)
                do throws(BootImageError) {
                    _ = try BootImage.plan(kernel: kernel, firmware: .bios, options: options)
                    return nil
                } catch {
                    return error.code
                }
            }
            #expect(code(kernel.string) == nil)
            #expect(code("\(folder)/none") == .inputMissing)
            #expect(code(#filePath) == .badInput)
            #expect(code(kernel.string) { $0.volumeLabel = "A" } == .invalidOptions)
            #expect(code(kernel.string) { $0.ramdisk = folder.string } == .badInput)
            let plan = try BootImage.plan(kernel: kernel.string, firmware: .bios)
            #expect(throws: BootImageError(.writing(.outputIsInput(output: kernel, input: kernel))))
            {
                try plan.write(to: kernel.string)
            }
        }
    }

    /// The package under Examples/, in a copy so that nothing is built in the checkout, and the
    /// documentation's example as its program.
    @Test(arguments: [nil, "Sources/BootImageKit/BootImageKit.docc/BootImageKit.md"])
    func `a package outside builds images that are sound`(_ page: String?) async throws {
        try await Self.withKernel { folder, kernel in
            let package = folder.appending("example")
            try FileManager.default.copyItem(
                atPath: Project.root.appending("Examples/build-images").string,
                toPath: package.string)
            let manifest = package.appending("Package.swift")
            let text = try String(contentsOf: URL(filePath: manifest.string), encoding: .utf8)
            #expect(text.contains(#"path: "../..""#))
            try Data(text.replacing(#"path: "../..""#, with: #"path: "\#(Project.root)""#).utf8)
                .write(to: URL(filePath: manifest.string))
            if let page {
                let text = try String(
                    contentsOf: URL(filePath: Project.root.appending(page).string), encoding: .utf8)
                let parts = text.components(separatedBy: "```")
                let code = try #require(parts.first { $0.hasPrefix("swift\n") }).dropFirst(6)
                try Data(code.utf8).write(
                    to: URL(
                        filePath: package.appending("Sources/build-images/main.swift").string))
            }
            let run = try await Tool(name: "swift").run(
                [
                    "run", "--package-path", package.string, "--scratch-path",
                    "\(folder)/scratch", "build-images", "kernel.elf",
                ], workingDirectory: kernel.removingLastComponent())
            #expect(run.exitCode == 0, "\(run.text)")
            let images = try FileManager.default.contentsOfDirectory(atPath: folder.string)
                .filter { $0.hasSuffix(".img") }
            #expect(images.count == (page == nil ? 3 : 2), "\(images)")
            for image in images {
                try await Project.bootimage.succeed(["verify", "\(folder)/\(image)"])
            }
        }
    }
}
