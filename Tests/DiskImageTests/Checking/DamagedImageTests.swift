import Testing

@testable import DiskImage

/// Random damage: `verify` and `inspect` finish, with or without findings, and never trap.
struct DamagedImageTests {
    /// Some bytes of an image replaced, without a copy of the rest.
    private struct PatchedImage: DiskSource {
        let base: MemoryImage
        var patches: [(offset: Int, bytes: [UInt8])] = []

        var byteCount: ByteCount { base.byteCount }

        func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
            var bytes = try base.read(count, at: offset)
            for patch in patches {
                for (index, byte) in patch.bytes.enumerated() {
                    let place = patch.offset + index - Int(offset)
                    if bytes.indices.contains(place) { bytes[place] = byte }
                }
            }
            return bytes
        }
    }

    @Test(arguments: 0..<4)
    func `no damage traps`(_ seed: UInt64) throws {
        var random = Random(state: seed)
        var found = 0
        let count = 100
        for number in 0..<count {
            let base = [SoundImage.bios, SoundImage.uefi, SoundImage.disc][number % 3]
            var image = PatchedImage(base: base)
            for _ in 0...random.next(below: 3) { image.patches.append(patch(base, &random)) }
            let verification = try Verification(of: image, loaderFiles: Sample.loaderFiles)
            if !verification.isSound { found += 1 }
            let map = try ImageMap(of: image, verification)
            #expect(map.regions.fault(in: 0..<map.sectorCount.value) == nil)
        }
        // Some damage is in unused places: gaps, and names of free entries.
        #expect(found > count / 2)
        print("damaged images \(count), found \(found), traps 0")
    }

    /// One to eight bytes in one of the regions: zeros, ones, or random.
    private func patch(
        _ image: MemoryImage, _ random: inout Random
    ) -> (offset: Int, bytes: [UInt8]) {
        let region = image.layout.extents[random.next(below: image.layout.extents.count)]
        let length = Int(region.content.byteCount.value)
        let start = Int(image.layout.sectorSize.offset(of: region.start).value)
        // The fields are at the start.
        let field = random.next(below: min(length, random.next(below: 2) == 0 ? 128 : 16_384))
        let fills: [UInt8?] = [0, 0xFF, nil]
        let fill = fills[random.next(below: 3)]
        let bytes = (0...random.next(below: 8)).map { _ in
            fill ?? UInt8(random.next(below: 256))
        }
        return (start + field, bytes)
    }

    /// A generator with Knuth's multiplier: the same numbers for the same seed.
    private struct Random {
        var state: UInt64

        mutating func next(below limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }
    }
}
