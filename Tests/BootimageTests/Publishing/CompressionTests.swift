import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import ELFKit

/// `bootimage build --compress`: images for the way through a network.
@Suite(.needs("clang", "ld.lld", "qemu-img", "zstd", "xz", "gzip"))
struct CompressionTests {
    @Test(arguments: Compression.allCases)
    func `what is unpacked are the same bytes`(_ compression: Compression) async throws {
        try await withKernel { folder, kernel in
            let formats = ["--format", "raw", "--format", "qcow2", "--format", "vmdk"]
            let (plain, packed) = (folder.appending("plain"), folder.appending("packed"))
            for (place, options) in [
                (plain, []), (packed, ["--compress", compression.rawValue]),
            ] {
                _ = try makeFolder(place)
                try await Project.bootimage.succeed(
                    ["build", kernel.string, "--output-directory", place.string] + formats
                        + options)
            }
            let files = try names(in: plain)
            #expect(try names(in: packed) == files.map { "\($0).\(compression.fileExtension)" })
            for file in files {
                let path = packed.appending("\(file).\(compression.fileExtension)")
                try await Tool(name: compression.program).succeed(["--test", path.string])
                try await Tool(name: compression.program).succeed(["-d", path.string])
                let areSame =
                    try read(packed.appending(file)) == read(plain.appending(file))
                #expect(areSame, "\(file)")
            }
        }
    }

    @Test(arguments: Compression.allCases)
    func `time, place and the user's options leave no trace`(
        _ compression: Compression
    ) async throws {
        try await withKernel { folder, kernel in
            var images: [[UInt8]] = []
            for (name, variables) in [
                ("a", [:]),
                (
                    "b",
                    [
                        "XZ_OPT": "-0 --check=none", "XZ_DEFAULTS": "-T2", "GZIP": "-1",
                        "ZSTD_CLEVEL": "19", "ZSTD_NBTHREADS": "2",
                    ]
                ),
            ] {
                let output = folder.appending(name)
                let command = [
                    Project.bootimage.name, "build", kernel.string, "--firmware", "uefi",
                    "--compress", compression.rawValue, "-o", output.string,
                ]
                try await Tool(name: "env").succeed(
                    variables.map { "\($0.key)=\($0.value)" } + command)
                images.append(try read(output))
                try await Task.sleep(for: .seconds(1.1))  // gzip counts time in seconds.
            }
            let areSame = images[0] == images[1]
            #expect(areSame)
        }
    }

    @Test(arguments: Compression.allCases)
    func `nothing boots from a packed image, and the remedy is right`(
        _ compression: Compression
    ) async throws {
        try await withKernel { folder, kernel in
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "bios", "--name", "it's",
                "--compress", compression.rawValue,
            ])
            let image = "\(folder)/bootimage-it's.bios.img.\(compression.fileExtension)"
            for command in ["run", "test", "runner"] {
                let verdict = try await Project.bootimage(command, image)
                verdict.expectRefusal(
                    65, saying: "\(image): is compressed", "decompress it first: ")
                if command != "run" { continue }
                let remedy = try #require(verdict.error.firstRange(of: "first: ")).upperBound
                try await Tool(name: "sh").succeed([
                    "-c", String(verdict.error[remedy...].dropLast()),
                ])
                #expect(try names(in: folder).contains("bootimage-it's.bios.img"))
            }
        }
    }
}
