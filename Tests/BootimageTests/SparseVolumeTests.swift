import Foundation
import SystemPackage
import TestSupport
import Testing

/// Volumes of terabytes that hold almost nothing.
@Suite(.needs("clang", "ld.lld", "time"))
struct SparseVolumeTests {
    /// GNU time counts in KiB.
    @Test func `a FAT32 volume of 2 TiB takes little memory`() async throws {
        try await withKernel { folder, kernel in
            let image = folder.appending("image").string
            try await Project.bootimage.succeed([
                "build", kernel.string, "--firmware", "uefi", "-o", image,
                "--sector-size", "4096", "--esp-size", "2040GiB",
            ])
            for command in ["verify", "inspect"] {
                let verdict = try await Tool(name: "time").succeed([
                    "-f", "%M", Project.bootimage.name, command, image,
                ])
                let kibibytes = try #require(Int(verdict.error.filter(\.isNumber)))
                #expect(kibibytes < 64 << 10, "\(command)")
            }
        }
    }
}
