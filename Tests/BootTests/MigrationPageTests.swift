import Foundation
import SystemPackage
import TestSupport
import Testing

/// docs/migrating.md, with kernels of the tests in place of the reader's.
@Suite(.needs("bash", "clang", "ld.lld", "qemu-system-x86_64"))
struct MigrationPageTests {
    /// A section of the page, the kernel that it is about, and where that is.
    struct Section: CustomTestStringConvertible, Sendable {
        var title: String
        var kernel: SampleKernel
        var path: FilePath
        var count: Int

        var testDescription: String { title }
    }

    static let sections = [
        Section(
            title: "From rust-osdev's crates",
            kernel: SampleKernel(
                source: "suites.c", shape: .positionIndependent, definitions: ["SUITE=0"]),
            path: "target/x86_64-unknown-none/debug/kernel", count: 4),
        Section(
            title: "From Limine",
            kernel: SampleKernel(
                source: "limine.c", shape: .higherHalf, definitions: ["BASE_REVISION=3"]),
            path: "boot/kernel", count: 7),
        Section(
            title: "From GRUB",
            kernel: SampleKernel(
                source: "multiboot2.c", shape: .oneMebibyte, definitions: ["FRAMEBUFFER=0,0,32"],
                processor: .i386),
            path: "boot/kernel", count: 6),
    ]

    @Test(arguments: sections)
    func `the section's files and commands boot such a kernel`(_ section: Section) async throws {
        try await withTemporaryFolder { folder in
            let kernel = try await section.kernel.build(in: folder)
            let place = folder.pushing(section.path)
            let files = FileManager.default
            try files.createDirectory(
                atPath: place.removingLastComponent().string, withIntermediateDirectories: true)
            for path in [place.string, place.string + "Tests"] {
                try files.copyItem(atPath: kernel.string, toPath: path)
            }
            let module = place.removingLastComponent().appending("initrd.tar").string
            try Data("a module".utf8).write(to: URL(filePath: module))
            // The kernel is built already.
            try files.createSymbolicLink(
                atPath: folder.appending("cargo").string, withDestinationPath: "/bin/true")
            let count = try await BootSlots.shared.run {
                try await Tutorial(
                    "docs/migrating.md", section: section.title, in: folder
                ).run()
            }
            #expect(count == section.count)
        }
    }
}
