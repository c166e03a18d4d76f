import TestSupport
import Testing

@testable import DiskImage

/// Content sizes at which the clusters become longer, the volume is no longer the smallest
/// possible, or the type is full; and every size around them, sector by sector.
@Suite struct FATBoundaryTests {
    /// What stays the same between two boundaries.
    private struct Choice: Equatable {
        var cluster: SectorCount?
        var isSmallestVolume: Bool
    }

    private static let around = 64 << 10

    @Test(arguments: FATType.allCases, SectorSize.allCases)
    func `every volume around a boundary has its type`(type: FATType, sectorSize: SectorSize) throws
    {
        let smallest = try #require(place(0, type, sectorSize)).geometry.volume
        let lengths = Boundary.changes(in: 0...(2200 << 20), step: 1 << 20) { length in
            let geometry = place(length, type, sectorSize)?.geometry
            return Choice(
                cluster: geometry?.format.cluster, isSmallestVolume: geometry?.volume == smallest)
        }
        var (sizes, refusals, faults) = (0, 0, [String]())
        for boundary in lengths {
            let first = max(0, boundary - Self.around)
            for length in stride(from: first, through: boundary + Self.around, by: 512) {
                sizes += 1
                guard let placement = place(length, type, sectorSize) else {
                    refusals += 1
                    continue
                }
                faults += Self.faults(of: placement, length).map { "\(length) bytes: \($0)" }
            }
        }
        print(
            "\(type.name), sectors of \(sectorSize.rawValue): boundaries \(lengths.count), sizes "
                + "\(sizes), refusals \(refusals), faults \(faults.count)")
        #expect(faults.isEmpty, "\(faults.prefix(20))")
        #expect(lengths.count >= 3, "\(lengths)")
        // Only sizes above the last boundary are refused.
        let hasLimit = type != .fat32
        #expect(refusals == (hasLimit ? Self.around / 512 + 1 : 0))
    }

    /// The same for whole layouts, whose regions must not overlap; a soak tries all of them.
    @Test(arguments: FATType.allCases)
    func `every layout around a boundary is valid`(type: FATType) throws {
        let lengths = Boundary.changes(in: 0...(2200 << 20), step: 1 << 20) { length in
            place(length, type, .bytes512)?.geometry.format.cluster
        }
        for boundary in lengths {
            let step = Soak.isOn ? 512 : Self.around / 2
            for length in stride(
                from: max(0, boundary - Self.around), through: boundary + Self.around, by: step)
            where place(length, type, .bytes512) != nil {
                let layout = try image(length, type, .bytes512).layOut()
                #expect(bootSector(in: layout["\(type.name) boot sector"]).type == type)
                let file = try #require(layout["FILE"])
                #expect(file.content.byteCount.value == UInt64(length))
            }
        }
    }

    private func place(_ length: Int, _ type: FATType, _ sectorSize: SectorSize) -> FATPlacement? {
        try? FATPlacement(
            FolderTree(image(length, type, sectorSize).files), type, sectorSize)
    }

    private func image(_ length: Int, _ type: FATType, _ sectorSize: SectorSize) -> EFIImage {
        let content = Content.input(index: 0, length: ByteCount(UInt64(length)))
        return EFIImage(
            files: [
                EFIImage.File(path: "EFI/BOOT/BOOTX64.EFI", content: .bytes([1])),
                EFIImage.File(path: "FILE", content: content),
            ], identity: Sample.identity, medium: .disk(sectorSize), volume: EFIImage.Volume(type))
    }

    /// What is wrong with a volume for drivers or for the size of the image.
    ///
    /// The numbers are from FAT 1.03 §3.5, with the margin of 16 that it advises.
    private static func faults(of placement: FATPlacement, _ length: Int) -> [String] {
        let geometry = placement.geometry
        let (format, count) = (geometry.format, geometry.clusterCount)
        var faults: [String] = []
        let window: ClosedRange<UInt64> =
            switch format.type {
            case .fat12: 1...4_068
            case .fat16: 4_101...65_508
            case .fat32: 65_541...0x0FFF_FFE4
            }
        if !window.contains(count) { faults.append("\(count) clusters") }
        let file = placement.allocation.files[1]
        let clusterByteCount = format.sectorSize.bytes(in: format.cluster).value
        if file.count * clusterByteCount < UInt64(length) { faults.append("too few clusters") }
        if UInt64(file.first.rawValue) + file.count > count + 2 { faults.append("behind the end") }
        let bits = geometry.fat.value * format.sectorSize.byteCount.value * 8
        if bits < (count + 2) * UInt64(format.type.rawValue) { faults.append("a short FAT") }
        let end = geometry.dataStart.value + count * format.cluster.value
        if end > geometry.volume.value { faults.append("clusters behind the volume's end") }
        if clusterByteCount > 32 << 10 { faults.append("clusters too long") }
        if format.type != .fat32, fitsInLess(placement, window) { faults.append("not smallest") }
        return faults
    }

    /// Whether a volume 1 MiB shorter would suffice with any cluster size.
    private static func fitsInLess(
        _ placement: FATPlacement, _ window: ClosedRange<UInt64>
    ) -> Bool {
        let old = placement.geometry
        let mebibyte = old.format.sectorSize.mebibyte
        guard old.volume > mebibyte else { return false }
        let lengths = placement.allocation.files.map { file in
            file.count * old.format.sectorSize.bytes(in: old.format.cluster).value
        }
        return [1, 2, 4, 8, 16, 32, 64].contains { (sectors: UInt64) in
            let format = FATFormat(
                old.format.type, sectorSize: old.format.sectorSize, cluster: SectorCount(sectors))
            let cluster = format.sectorSize.bytes(in: format.cluster).value
            guard cluster <= 32 << 10 else { return false }
            let geometry = FATGeometry(format, volume: old.volume - mebibyte)
            // Rounded up to the planned clusters, so real files are at most as long.
            let needed = lengths.reduce(2) { $0 + ($1 + cluster - 1) / cluster }
            return window.contains(geometry.clusterCount) && geometry.clusterCount >= needed + 16
        }
    }
}
