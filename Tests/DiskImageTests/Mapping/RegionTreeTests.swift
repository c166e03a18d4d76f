import Testing

@testable import DiskImage

/// For any claims, each sector of the disk is in one region of each level.
struct RegionTreeTests {
    private static let disk = ByteCount(100 * 512)

    private func tree(_ claims: [(String, Range<UInt64>)]) -> [DiskRegion] {
        var tree = RegionTree(Self.disk, .bytes512)
        for (name, sectors) in claims {
            tree.claim(name, .partition, sectors.lowerBound * 512..<sectors.upperBound * 512)
        }
        return tree.regions()
    }

    @Test func `a claim inside another is a part of it, and the rest is unused`() {
        let regions = tree([("inner", 20..<30), ("outer", 10..<50), ("other", 60..<100)])
        #expect(
            regions.map(\.text) == [
                "unallocated 0–9", "outer 10–49", "unallocated 50–59", "other 60–99",
            ])
        #expect(
            regions[1].parts.map(\.text) == ["unused 10–19", "inner 20–29", "unused 30–49"])
        #expect(regions[3].parts.isEmpty)
    }

    @Test func `an empty disk is unallocated`() {
        #expect(tree([]).map(\.text) == ["unallocated 0–99"])
        #expect(tree([("none", 10..<10)]).map(\.text) == ["unallocated 0–99"])
        #expect(RegionTree(.zero, .bytes512).regions().isEmpty)
    }

    @Test func `of two equal claims the first contains the second`() {
        let regions = tree([("first", 0..<100), ("second", 0..<100)])
        #expect(regions.map(\.text) == ["first 0–99"])
        #expect(regions[0].parts.map(\.text) == ["second 0–99"])
    }

    @Test func `an overlapped region is cut and marked as cut`() {
        let regions = tree([("one", 10..<50), ("two", 40..<60), ("in one", 20..<45)])
        #expect(
            regions.map(\.text) == [
                "unallocated 0–9", "one 10–39", "two 40–59", "unallocated 60–99",
            ])
        #expect(regions.map(\.isCut) == [false, true, false, false])
        #expect(regions[1].parts.map(\.text) == ["unused 10–19", "in one 20–39"])
        #expect(regions[1].byteCount == 30 * 512)
    }

    @Test func `a claim past the end of the disk is shortened`() {
        #expect(tree([("long", 90..<1_000_000)]).map(\.text).last == "long 90–99")
        #expect(tree([("beyond", 100..<200)]).map(\.text) == ["unallocated 0–99"])
        var tree = RegionTree(ByteCount(700), .bytes512)
        tree.claim("all", .data, 0..<UInt64.max)
        #expect(tree.regions().map(\.text) == ["all 0–1"])
        #expect(tree.regions().map(\.byteCount) == [700])
    }

    @Test func `a file includes the rest of its last cluster`() {
        var tree = RegionTree(Self.disk, .bytes512)
        tree.claim("file", .file, 4096..<4096 + 5000, inPiecesOf: 2048)
        #expect(tree.regions().map(\.text)[1] == "file 8–19")
        #expect(tree.regions()[1].byteCount == 5000)
    }

    @Test func `nesting is limited`() {
        let onion = tree((0..<50).map { ("layer", $0..<100 - $0) })
        #expect(onion.depth == 6)
        #expect(onion.fault(in: 0..<100) == nil)
    }

    @Test(arguments: 0..<50)
    func `arbitrary claims give a complete map`(_ seed: UInt64) {
        var random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ limit: UInt64) -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (random >> 33) % limit
        }
        let claims = (0...next(40)).map { number in
            let start = next(100)
            return ("\(number)", start..<start + next(30))
        }
        let regions = tree(claims)
        #expect(regions.fault(in: 0..<100) == nil, "\(claims)")
        #expect(regions.depth <= 6)
    }
}

extension DiskRegion {
    fileprivate var text: String { "\(name) \(sectors)" }
}

extension [DiskRegion] {
    fileprivate var depth: Int { (map { $0.parts.depth }.max() ?? -1) + 1 }
}
