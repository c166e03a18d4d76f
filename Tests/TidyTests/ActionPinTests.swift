import Foundation
import SystemPackage
import TestSupport
import Testing

/// A tag of an action can be moved to other code; a commit cannot.
struct ActionPinTests {
    @Test(arguments: [
        "action.yml", "Sources/bootimage/Creating/Templates/Workflow.template", "docs/ci.md",
    ])
    func `actions of others are pinned by commit`(_ path: String) throws {
        let text = try String(
            contentsOfFile: Project.root.pushing(.init(path)).string, encoding: .utf8)
        let uses = text.split(separator: "\n").filter { $0.contains("uses: actions/") }
        #expect(!uses.isEmpty)
        for line in uses {
            #expect(line.contains(/@[0-9a-f]{40} # v[0-9.]+$/), "\(line)")
        }
    }
}
