import DiskImage

/// Reads a whole image: a sound one with patches, or the input itself.
///
/// The first byte selects the image, modulo 4. Each patch has a place in four bytes, a length in
/// one, and as many bytes.
func readImage(_ bytes: [UInt8]) {
    guard let choice = bytes.first else { return }
    let rest = bytes.dropFirst()
    let image =
        SoundImage(rawValue: choice % 4).map { PatchedImage(base: $0.bytes, patches: rest) }
        ?? PatchedImage(base: Array(rest))
    do {
        let verification = try Verification(
            of: image, loaderFiles: [LoaderFile(path: "kernel-x86_64", kind: .kernel)])
        for finding in verification.findings {
            precondition(!finding.found.isEmpty && !finding.allowed.isEmpty, "\(finding)")
        }
        let map = try ImageMap(of: image, verification)
        checkWhole(map.regions, from: 0, to: map.sectorCount.value)
    } catch {
        preconditionFailure("\(error)")
    }
}

/// Checks that regions cover all sectors exactly once, and so do the parts of each.
private func checkWhole(_ regions: [DiskRegion], from start: UInt64, to end: UInt64) {
    var next = start
    for region in regions {
        precondition(region.sectors.start.value == next, "\(region.name) starts at another sector")
        next = region.sectors.end.value
        precondition(region.sectors.count > .zero, "\(region.name) is empty")
        if region.parts.isEmpty { continue }
        checkWhole(region.parts, from: region.sectors.start.value, to: next)
    }
    precondition(next == end, "\(next) of \(end) sectors")
}

/// An image with some bytes replaced, without a copy of the rest.
private struct PatchedImage: DiskSource {
    private let base: [UInt8]
    private var patches: [Range<Int>: ArraySlice<UInt8>] = [:]

    init(base: [UInt8]) { self.base = base }

    init(base: [UInt8], patches bytes: ArraySlice<UInt8>) {
        self.base = base
        var rest = bytes
        while rest.count > 5 {
            let place = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) } % base.count
            let patch = rest.dropFirst(5).prefix(Int(rest[rest.startIndex + 4]))
            patches[place..<place + patch.count] = patch
            rest = rest.dropFirst(5 + patch.count)
        }
    }

    var byteCount: ByteCount { ByteCount(of: base) }

    func read(_ count: Int, at offset: UInt64) throws(DiskReadError) -> [UInt8] {
        let range = Int(offset)..<Int(offset) + count
        var bytes = Array(base[range])
        for (place, patch) in patches {
            for (index, byte) in zip(place, patch) where range.contains(index) {
                bytes[index - range.lowerBound] = byte
            }
        }
        return bytes
    }
}
