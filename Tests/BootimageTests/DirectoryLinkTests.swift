import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import BootImageKit
@testable import HostSystem
@testable import bootimage

/// Symbolic links in a folder of `--directory`.
struct DirectoryLinkTests {
    /// A folder with `a/b`, `c/d`, and a link.
    private static func list(_ link: String, to target: String) async throws -> [String] {
        try await withTemporaryFolder { folder in
            let tree = folder.appending("tree")
            for name in ["a", "c"] { _ = try makeFolder(tree.appending(name)) }
            try write([], to: tree.pushing("a/b"))
            try write([], to: tree.pushing("c/d"))
            try write([], to: folder.appending("outside"))
            try FileManager.default.createSymbolicLink(
                atPath: tree.pushing(FilePath(link)).string, withDestinationPath: target)
            do throws(BuildError) {
                return try ExtraFile(destination: "/", source: tree).listing().map(\.destination)
            } catch {
                let message = Failure(error).message
                #expect(message.hasPrefix("\(tree)/\(link): "), "\(message)")
                #expect(!message.contains("\n"))
                switch error {
                case .input(_, .linkLeadsOut): return ["leads out"]
                case .input(_, .linkLoop): return ["loop"]
                default: throw error
                }
            }
        }
    }

    @Test(arguments: [
        ("link", "a", ["a/b", "c/d", "link/b"]), ("link", "c/d", ["a/b", "c/d", "link"]),
        ("a/link", "../c", ["a/b", "a/link/d", "c/d"]),
        ("link", "../outside", ["leads out"]), ("link", "/etc/hostname", ["leads out"]),
        ("link", "/", ["leads out"]), ("a/link", "../../tree/../outside", ["leads out"]),
        ("link", ".", ["loop"]), ("a/link", "..", ["loop"]), ("a/link", "../a", ["loop"]),
    ])
    func `links inside the folder are followed, others refused`(
        _ link: String, _ target: String, _ expected: [String]
    ) async throws {
        #expect(try await Self.list(link, to: target) == expected)
    }

    @Test func `two links that lead into each other end`() async throws {
        try await withTemporaryFolder { folder in
            let tree = folder.appending("tree")
            for (name, other) in [("a", "c"), ("c", "a")] {
                _ = try makeFolder(tree.appending(name))
                try FileManager.default.createSymbolicLink(
                    atPath: tree.appending(name).appending("link").string,
                    withDestinationPath: "../\(other)")
            }
            let link = tree.pushing(FilePath("a/link/link"))
            let real = try #require(tree.appending("a").resolved)
            #expect(throws: BuildError.input(link, .linkLoop(to: real))) {
                try ExtraFile(destination: "/", source: tree).listing()
            }
        }
    }
}
