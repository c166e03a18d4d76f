import Foundation
import SystemPackage
import TestSupport
import Testing

/// The CI workflow of a new package; scripts/check-ci runs its steps.
@Suite(.needs("git"))
struct WorkflowTests {
    /// The workflow of a package that uses a checkout with that origin.
    private static func workflow(_ origin: String) async throws -> String {
        try await withTemporaryFolder { folder in
            let checkout = folder.appending("checkout")
            for name in ["Sources/BootInfo", "Sources/KernelRuntime"] {
                try FileManager.default.createDirectory(
                    atPath: checkout.pushing(FilePath(name)).string,
                    withIntermediateDirectories: true)
            }
            try Data().write(to: URL(filePath: checkout.appending("Package.swift").string))
            let git = Tool(name: "git")
            try await git.succeed(["init", "-q", checkout.string])
            try await git.succeed(["-C", checkout.string, "remote", "add", "origin", origin])
            let made = try await Project.bootimage.run(
                ["new", "Demo", "--package", checkout.string], workingDirectory: folder)
            try #require(made.exitCode == 0, "\(made.text)")
            let file = folder.appending("Demo/.github/workflows/tests.yml").string
            return try String(contentsOfFile: file, encoding: .utf8)
        }
    }

    @Test(arguments: ["https://example.org/x/bootimage.git", "https://example.org/a/b_c"])
    func `it clones the checkout's origin, and its token may only read`(
        _ origin: String
    ) async throws {
        let text = try await Self.workflow(origin)
        #expect(text.contains("git clone --depth 1 \"\(origin)\" \"$RUNNER_TEMP/checkout\"\n"))
        #expect(text.contains("\npermissions:\n  contents: read\n"))
        #expect(!text.contains("BOOTIMAGE_URL"))
    }

    @Test(
        arguments: [
            "https://token@example.org/x/y", "https://example.org/$(id)", "https://example.org/\"x",
            "https://example.org/${{secrets.X}}", "git@example.org:x/y", "/srv/bootimage",
        ])
    func `an origin that others cannot clone, or not safely, stays out`(
        _ origin: String
    ) async throws {
        let text = try await Self.workflow(origin)
        #expect(!text.contains(origin))
        #expect(text.contains("git clone --depth 1 \"${{ vars.BOOTIMAGE_URL }}\" "))
        #expect(text.contains("# Set the repository's variable BOOTIMAGE_URL to bootimage's URL."))
    }
}
