import DiskImage

/// A whole image: one of three sound ones with the input's bytes put in, or the input alone.
///
/// The first byte chooses. After it come patches: four bytes of a place, one of a length, and so
/// many bytes.
func readImage(_ bytes: [UInt8]) {
    guard let choice = bytes.first else { return }
    let rest = bytes.dropFirst()
    let image =
        switch choice % 4 {
        case 0: PatchedImage(base: soundBIOSImage, patches: rest)
        case 1: PatchedImage(base: soundUEFIImage, patches: rest)
        case 2: PatchedImage(base: soundDiscImage, patches: rest)
        default: PatchedImage(base: Array(rest))
        }
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

/// Regions leave no sector out and have none twice, nor have those in them.
private func checkWhole(_ regions: [DiskRegion], from start: UInt64, to end: UInt64) {
    var next = start
    for region in regions {
        precondition(region.sectors.start.value == next, "\(region.name) begins elsewhere")
        next = region.sectors.end.value
        precondition(region.sectors.count > .zero, "\(region.name) is empty")
        if region.parts.isEmpty { continue }
        checkWhole(region.parts, from: region.sectors.start.value, to: next)
    }
    precondition(next == end, "\(next) of \(end) sectors")
}

/// Some bytes of an image replaced, without a copy of the rest.
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

private let soundBIOSImage = bytes {
    try BIOSImage(
        loader: [UInt8](repeating: 0x90, count: 1024),
        payload: [PayloadItem(kind: .kernel, content: .bytes(Array("kernel".utf8)))],
        identity: ImageIdentity(1, 2)
    ).layOut()
}

private let soundUEFIImage = bytes { try image(.disk(.bytes512)).layOut() }

/// An image for disc and disk, BIOS and UEFI.
private let soundDiscImage = bytes {
    try image(
        .disc(
            BIOSBoot(
                loader: [UInt8](repeating: 0x90, count: 1024),
                files: [LoaderFile(path: "kernel-x86_64", kind: .kernel)]))
    ).layOut()
}

private func image(_ medium: EFIImage.Medium) -> EFIImage {
    let files = ["EFI/BOOT/BOOTX64.EFI", "kernel-x86_64", "a folder/a long name.txt"]
    return EFIImage(
        files: files.map { EFIImage.File(path: $0, content: .bytes(Array($0.utf8))) },
        identity: ImageIdentity(3, 4), medium: medium, volume: EFIImage.Volume(.fat12))
}

private func bytes(of layOut: () throws -> ImageLayout) -> [UInt8] {
    do {
        let layout = try layOut()
        var bytes = [UInt8](repeating: 0, count: Int(layout.byteCount.value))
        for extent in layout.extents {
            guard case .bytes(let content) = extent.content else { continue }
            let start = Int(layout.sectorSize.offset(of: extent.start).value)
            bytes.replaceSubrange(start..<start + content.count, with: content)
        }
        return bytes
    } catch {
        fatalError("a sound image has no layout: \(error)")
    }
}
