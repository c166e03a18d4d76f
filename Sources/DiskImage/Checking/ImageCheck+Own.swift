// What is checked only in images of this library's.
extension ImageCheck {
    /// Checks the BIOS loader of a hybrid image; returns its digest, or `nil` without a loader.
    func biosBootLoader(
        _ record: BootSector, _ partitions: [Partition]
    ) throws(DiskReadError) -> ContentDigest? {
        let own = partitions.first { $0.typeField.text == "\(GPTPartitionEntry.biosBoot)" }
        guard let own, result.sectorSize == .bytes512 else { return nil }
        let header = own.sectors.start + PayloadHeader.offsetInBIOSBootPartition
        let start = SectorSize.bytes512.offset(of: own.sectors.start).value
        let headerStart = SectorSize.bytes512.offset(of: header).value
        let loader = try source.region("BIOS loader", Int(headerStart - start), at: start)
        let code = 0..<BootParameters.offset
        findings.expect(
            record.sector.bytes[code] == loader.bytes[code], .mbrBootCode, record.sector, at: 0,
            found: "other code", allowed: "that of \(own.name)")
        checkParameters(
            of: record, payloadHeader: header, secondPart: own.sectors.start + SectorCount(1))
        let region = try source.region("payload header", PayloadHeader.byteCount, at: headerStart)
        let room = 0..<source.byteCount.value
        let items = PayloadCheck(header: region, room: room, findings: findings).items()
        checkFiles(items, region)
        return ContentDigest(ofBIOSLoader: loader.bytes)
    }

    /// The boot sector must give the places of the loader's second part and the payload header.
    func checkParameters(of record: BootSector, payloadHeader: LBA, secondPart: LBA) {
        let start = BootParameters.offset
        func number<Number: FixedWidthInteger & UnsignedInteger>(
            at offset: Int, _: Number.Type
        ) -> UInt64 { UInt64(record.sector.number(at: start + offset, Number.self)) }
        let fields: [(offset: Int, found: UInt64, allowed: UInt64)] = [
            (0, number(at: 0, UInt16.self), UInt64(MasterBootRecord.byteCount)),
            (4, number(at: 4, UInt64.self), payloadHeader.value),
            (16, number(at: 16, UInt16.self), UInt64(BootParameters.bootSectorEnd)),
            (20, number(at: 20, UInt64.self), secondPart.value),
        ]
        for (offset, found, allowed) in fields {
            findings.expect(
                found == allowed, .mbrBootParameters, record.sector, at: start + offset,
                found: "\(found)", allowed: "\(allowed)")
        }
    }

    /// The BIOS loader's items must be files that the UEFI loader finds.
    private func checkFiles(_ items: [Verification.Payload.Item], _ header: Region) {
        let runs = Set(result.volumes.flatMap(\.files).filter { $0.runs.count == 1 }.map(\.runs))
        for item in items where !item.bytes.isEmpty && !runs.contains([item.bytes]) {
            findings.report(
                .payloadRange, header, at: 0,
                found: "the \(item.kind) from byte \(item.bytes.lowerBound)",
                allowed: "where a file of the EFI system partition is")
        }
    }

    /// Checks the GUIDs and serial numbers of a UEFI image against its files and its BIOS loader.
    func checkIdentity(
        _ guids: [(purpose: String, guid: GUID)], _ record: BootSector, loader: ContentDigest?
    ) throws(DiskReadError) {
        guard let volume = result.volumes.first else { return }
        let contents = try volume.files.map { file throws(DiskReadError) in
            (name: String(file.path.dropFirst()), digest: try source.digest(of: file.runs))
        }
        let identity = ImageIdentity(files: contents, biosLoader: loader)
        let words = [("volume ID", volume.volumeID), ("disk signature", record.diskSignature)]
        let pairs =
            guids.map { ($0, "\($1)", "\(identity.derive($0).guid)") }
            + words.map { ($0, hex($1), hex(identity.derive($0).nonZeroWord)) }
        guard let (place, found, allowed) = pairs.first(where: { $0.1 != $0.2 }) else { return }
        findings.report(
            .imageIdentity, place, at: volume.offset, found: found,
            allowed: "\(allowed), as derived from the files")
    }

    /// Checks the disk signature of a BIOS image against loader and payload.
    func checkIdentity(
        of payload: [Verification.Payload.Item], _ record: BootSector
    ) throws(DiskReadError) {
        let areaEnd = SectorSize.bytes512.offset(of: SectorSize.bytes512.firstPartition).value
        let area = try source.region("loader", Int(areaEnd), at: 0)
        let digests = try payload.map { item throws(DiskReadError) in
            (kind: item.kind, digest: try source.digest(of: [item.bytes]))
        }
        let identity = ImageIdentity(
            biosLoader: ContentDigest(ofBIOSLoader: area.bytes), payload: digests)
        let allowed = identity.derive("disk signature").nonZeroWord
        findings.expect(
            record.diskSignature == allowed, .imageIdentity, record.sector, at: 440,
            found: hex(record.diskSignature),
            allowed: "\(hex(allowed)), as derived from loader and payload")
    }
}
