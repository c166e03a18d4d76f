/// The numbers of an image that this tool derives from its content, and where they lie.
struct OwnMarks {
    fileprivate let diskGUID: GUID
    fileprivate let partitionGUID: GUID
    fileprivate let mbr: Region

    /// Only for an image whose GUIDs are of the version that this tool makes and others do not
    /// (RFC 9562 §5.8).
    init?(_ table: GPTCheck<some DiskSource>.Table?, _ mbr: Region) {
        guard let table, let guid = table.partitions.first?.guid, table.diskGUID.isVersion8,
            guid.isVersion8
        else { return nil }
        (diskGUID, partitionGUID, self.mbr) = (table.diskGUID, guid, mbr)
    }
}

extension GUID {
    fileprivate var isVersion8: Bool { self == GUID(version8Over: high, low) }
}

extension ImageCheck {
    /// The GUIDs and serial numbers of a UEFI image against its files and its loader for BIOS.
    mutating func checkIdentity(
        _ marks: OwnMarks, loader: ContentDigest?
    ) throws(DiskReadError) {
        guard let volume = result.volumes.first else { return }
        var contents: [(name: String, digest: ContentDigest)] = []
        for file in volume.files {
            contents.append((String(file.path.dropFirst()), try digest(of: file)))
        }
        let identity = EFIImage.identity(files: contents, biosLoader: loader)
        let diskGUID = identity.derive("disk GUID").guid
        let partitionGUID = identity.derive("partition GUID").guid
        let volumeID = identity.derive("volume ID").nonZeroWord
        let signature = identity.derive("disk signature").nonZeroWord
        let pairs: [(place: String, found: String, allowed: String)] = [
            ("disk GUID", "\(marks.diskGUID)", "\(diskGUID)"),
            ("partition GUID", "\(marks.partitionGUID)", "\(partitionGUID)"),
            ("volume ID", hex(volume.volumeID), hex(volumeID)),
            ("disk signature", hex(marks.mbr.number(at: 440, UInt32.self)), hex(signature)),
        ]
        guard let wrong = pairs.first(where: { $0.found != $0.allowed }) else { return }
        findings.report(
            .imageIdentity, wrong.place, at: volume.offset, found: wrong.found,
            allowed: "\(wrong.allowed), as the files give it")
    }

    /// The disk signature of a BIOS image against loader and payload.
    mutating func checkIdentity(
        of payload: [PayloadCheck.Item], _ mbr: Region
    ) throws(DiskReadError) {
        let areaEnd = SectorSize.bytes512.offset(of: SectorSize.bytes512.firstPartition).value
        let area = try source.region("loader", Int(areaEnd), at: 0)
        var digests: [(kind: PayloadKind, digest: ContentDigest)] = []
        for item in payload {
            digests.append((item.kind, try digest(of: [item.range])))
        }
        let identity = BIOSImage.identity(
            loader: BIOSImage.loaderDigest(area.bytes), payload: digests)
        let allowed = identity.derive("disk signature").nonZeroWord
        findings.expect(
            mbr.number(at: 440) == allowed, .imageIdentity, mbr, at: 440,
            found: hex(mbr.number(at: 440, UInt32.self)),
            allowed: "\(hex(allowed)), as loader and payload give it")
    }

    private func digest(
        of file: FATVolumeContents.File
    ) throws(DiskReadError) -> ContentDigest { try digest(of: file.runs) }

    private func digest(of runs: [Range<UInt64>]) throws(DiskReadError) -> ContentDigest {
        let byteCount = runs.reduce(0) { $0 + ($1.upperBound - $1.lowerBound) }
        var samples: [[UInt8]] = []
        for range in ContentDigest.samples(of: byteCount) {
            samples.append(
                try source.read(
                    Int(range.upperBound - range.lowerBound), of: runs, from: range.lowerBound))
        }
        return ContentDigest(byteCount: byteCount, samples: samples)
    }
}
