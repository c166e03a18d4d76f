import SystemPackage
import Testing

@testable import BootImageKit

/// The outputs' names in a manifest, and the paths that a manifest cannot have.
struct ManifestPlanTests {
    static let names: [(manifest: FilePath, output: FilePath, name: String)] = [
        ("m.json", "a.img", "a.img"), ("m.json", "out/a.img", "out/a.img"),
        ("m.json", "/here/a.img", "a.img"), ("/here/m.json", "a.img", "a.img"),
        ("out/m.json", "./out/../out/a.img", "a.img"), ("../m.json", "a.img", "here/a.img"),
        ("/m.json", "a.img", "here/a.img"),
    ]

    @Test(arguments: names.indices)
    func `a name is relative to the manifest's folder`(_ index: Int) throws {
        let row = Self.names[index]
        let plan = try ManifestPlan(row.manifest, for: [row.output], in: "/here")
        #expect(plan.name(of: row.output) == row.name)
    }

    static let refusals: [(manifest: FilePath, output: FilePath, error: PlanError)] = [
        (
            "out/m.json", "a.img",
            .outputOutsideManifest("out/m.json", output: "a.img", suggestion: "m.json")
        ),
        (
            "m.json", "../a.img",
            .outputOutsideManifest("m.json", output: "../a.img", suggestion: "../m.json")
        ),
        ("m.json", "m.json", .manifestIsOutput("m.json", output: "m.json")),
        ("m.json", "out/../m.json", .manifestIsOutput("m.json", output: "out/../m.json")),
        ("m.json", "SHA256SUMS", .manifestIsOutput("m.json", output: "SHA256SUMS")),
        ("SHA256SUMS", "a.img", .manifestIsChecksums("SHA256SUMS")),
    ]

    @Test(arguments: refusals.indices)
    func `other paths are refused`(_ index: Int) {
        let row = Self.refusals[index]
        #expect(throws: row.error) {
            try ManifestPlan(row.manifest, for: [row.output], in: "/here")
        }
    }

    @Test func `line ends and backslashes in names are escaped for sha256sum`() {
        var list = ChecksumList()
        list.add("a b", sha256: "0")
        list.add("a\nb\\c\r", sha256: "1")
        #expect(list.text == "0  a b\n\\1  a\\nb\\\\c\\r\n")
    }
}
