import Foundation
import SystemPackage
import TestSupport
import Testing

/// What the compiler and the formatter do not check.
struct TidyTests {
    @Test(arguments: Rule.all)
    func `holds everywhere`(_ rule: Rule) {
        let offences = SourceFile.all.flatMap(rule.offences)
        #expect(offences.isEmpty, "\(offences.joined(separator: "\n"))")
    }

    @Test(arguments: Rule.all)
    func `can be broken`(_ rule: Rule) {
        #expect(!rule.offences(rule.counterexample).isEmpty)
    }

    @Test func `no file is a symbolic link`() async throws {
        #expect(SourceFile.symbolicLinks(below: Project.root) == [])
        try await withTemporaryFolder { folder in
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending("link").string, withDestinationPath: "nowhere")
            #expect(SourceFile.symbolicLinks(below: folder) == ["link"])
        }
    }

    @Test func `the files are found`() {
        let paths = SourceFile.all.map(\.path)
        #expect(paths.contains("Package.swift"))
        #expect(paths.contains("Bootloader/X86_64/handoff.S"))
        #expect(paths.contains("Sources/bootimage/Commands/Bootimage.swift"))
    }
}
