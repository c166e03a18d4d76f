import TestSupport
import Testing

@testable import DiskImage

@Suite(.enabled(if: SeedCorpus.folder != nil, "FUZZ_CORPUS names no folder"))
struct SeedCorpusTests {
    /// The first bytes of each region as a patch of their image.
    @Test func `patches of whole images`() throws {
        let layouts = [
            try Sample.biosImage.layOut(), try Sample.efiImage.layOut(), SoundImage.disc.layout,
        ]
        let patches = layouts.enumerated().flatMap { choice, layout in
            layout.extents.map { extent in
                let place = layout.sectorSize.offset(of: extent.start).value
                let bytes = content(of: extent).prefix(100)
                let digits = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: place >> $0) }
                return [UInt8(choice)] + digits + [UInt8(bytes.count)] + bytes
            }
        }
        try SeedCorpus.write(patches, for: "image")
    }
}
