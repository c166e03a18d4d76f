import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import DiskImage

/// `docs/inspect.md` and its picture are as the tool is.
struct InspectPageTests {
    private static func text(_ path: String) throws -> String {
        String(decoding: try read(Project.root.pushing(FilePath(path))), as: UTF8.self)
    }

    @Test(arguments: DiskRegion.Kind.allCases)
    func `the page has every kind of region`(_ kind: DiskRegion.Kind) throws {
        #expect(try Self.text("docs/inspect.md").contains("`\"\(kind.rawValue)\"`"))
    }

    @Test(.needs("clang", "ld.lld"))
    func `the picture is what make map draws`() async throws {
        try await withTemporaryFolder { folder in
            let picture = folder.appending("picture.svg")
            let verdict = try await Tool(name: "bash").run(
                ["scripts/draw-map", Project.bootimage.name, picture.string],
                workingDirectory: Project.root)
            #expect(verdict.exitCode == 0, "\(verdict.text)")
            // The loader's length may change; what there is and how it is drawn may not.
            let drawn = String(decoding: try read(picture), as: UTF8.self)
            #expect(
                Self.names(drawn) == Self.names(try Self.text("docs/inspect.svg")),
                "run make map")
        }
    }

    /// What the tooltips name, in their order.
    private static func names(_ picture: String) -> [Substring] {
        picture.split(separator: "\n").filter { $0.hasPrefix("<title>") || $0.hasPrefix("<rect") }
            .compactMap { line in
                line.split(separator: "<title>").last?.split(separator: ", sectors").first
            }.filter { !$0.hasPrefix("<rect") }
    }
}
