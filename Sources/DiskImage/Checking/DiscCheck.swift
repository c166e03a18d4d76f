/// Checks an ISO 9660 volume's size and the images that firmware starts from it (El Torito 1.0).
struct DiscCheck<Source: DiskSource> {
    let source: Source
    let disc: ISOContents
    let findings: ImageFindings

    private static var sectorByteCount: UInt64 { SectorSize.bytes512.byteCount.value }

    func check() throws(DiskReadError) {
        let size = source.byteCount.value
        if disc.byteCount > size {
            findings.report(
                .isoSize, "ISO 9660 volume", at: disc.descriptors.lowerBound + 80,
                found: "\(disc.byteCount) bytes", allowed: "at most the image's \(size)")
        }
        guard let offset = disc.catalogOffset else { return }
        guard source.has(ISOContents.blockByteCount, at: offset) else {
            return findings.report(
                .elToritoCatalogue, "ISO 9660 descriptors", at: disc.descriptors.lowerBound,
                found: "at \(hex(offset))", allowed: "within \(size) bytes")
        }
        try checkValidation(at: offset)
        for (index, image) in disc.bootImages.enumerated() {
            try check(image, "El Torito entry \(index + 1), \(image.platformName)", offset)
        }
    }

    /// The first entry: its number, its key, and sixteen words whose sum is 0 (figure 2).
    private func checkValidation(at offset: UInt64) throws(DiskReadError) {
        let entry = try source.region("El Torito catalogue", 32, at: offset)
        findings.expect(.elToritoCatalogue, entry, at: 0, is: UInt8(1))
        findings.expect(.elToritoCatalogue, entry, at: 30, is: MasterBootRecord.signature)
        let sum = stride(from: 0, to: 32, by: 2).reduce(UInt16(0)) {
            $0 &+ entry.number(at: $1, UInt16.self)
        }
        findings.expect(
            sum == 0, .elToritoCatalogue, entry, at: 28, found: "with a checksum of \(hex(sum))",
            allowed: "with a checksum of 0x0")
    }

    private func check(
        _ image: ISOContents.BootImage, _ place: String, _ catalogue: UInt64
    ) throws(DiskReadError) {
        let (start, count) = (image.bytes.lowerBound, image.bytes.byteCount)
        guard image.isBootable else { return }
        guard start > 0, source.has(max(count, Self.sectorByteCount), at: start) else {
            return findings.report(
                .elToritoEntry, place, at: catalogue, found: "\(count) bytes from \(hex(start))",
                allowed: "within the image's \(source.byteCount.value) bytes")
        }
        let isForUEFI = image.platformName == "UEFI"
        let boot = FATBootSector(
            region: try source.region("boot image", MasterBootRecord.byteCount, at: start))
        // For UEFI, 0 and 1 mean up to the end of the disc.
        let sectors = count / Self.sectorByteCount
        let volume = isForUEFI && boot.looksRight ? boot.total * boot.sectorByteCount : 0
        let isEnough = isForUEFI ? sectors < 2 || count >= volume : sectors > 0
        if isEnough { return }
        findings.report(
            .elToritoLoadSize, place, at: catalogue, found: "\(sectors) sectors of 512 bytes",
            allowed: isForUEFI ? "0, or the volume's \(volume) bytes" : "1 or more, mostly 4")
    }
}
