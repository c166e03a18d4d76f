import DiskImage
import TestSupport
import Testing

@Suite(.enabled(if: SeedCorpus.folder != nil, "FUZZ_CORPUS names no folder"))
struct SeedCorpusTests {
    /// The first sectors of each region, from each of the structures in them on.
    @Test func `structures of whole images`() throws {
        let layouts = [try Sample.efiImage.layOut(), try Sample.biosImage.layOut()]
        let regions = layouts.flatMap(\.extents).map { content(of: $0).prefix(1024) }
        let entries = regions.flatMap { [$0, $0.dropFirst(32), $0.dropFirst(446)] }
        try SeedCorpus.write(entries.filter { !$0.isEmpty }.map { Array($0) }, for: "disk")
    }
}
