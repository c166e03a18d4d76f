import HostSystem

extension ImageCheck {
    /// Checks what starts an image of ours on BIOS that is one for UEFI too; its loader's digest.
    mutating func biosBootLoader(
        _ mbr: MBRCheck, _ partitions: [Partition]
    ) throws(DiskReadError) -> ContentDigest? {
        let own = partitions.first { $0.typeField.text == "\(GPTPartitionEntry.biosBoot)" }
        guard let own, result.sectorSize == .bytes512 else { return nil }
        let sectorByteCount = UInt64(MBRCheck.byteCount)
        let start = own.sectors.start.value * sectorByteCount
        let headerStart = start + BIOSBootPartition.headerOffset.value * sectorByteCount
        let loader = try source.region("BIOS loader", Int(headerStart - start), at: start)
        let code = 0..<BootParameters.offset
        findings.expect(
            mbr.sector.bytes[code] == loader.bytes[code], .mbrBootCode, mbr.sector, at: 0,
            found: "other code", allowed: "that of \(own.name)")
        checkParameters(
            of: mbr.sector, payloadHeader: own.sectors.start + BIOSBootPartition.headerOffset,
            secondPart: own.sectors.start + SectorCount(1))
        let header = try source.region("payload header", PayloadHeader.byteCount, at: headerStart)
        let room = 0..<source.byteCount.value
        checkFiles(PayloadCheck(header: header, room: room).items(&findings), header)
        return BIOSImage.loaderDigest(loader.bytes)
    }

    /// The boot sector must say where the rest of the loader and the payload header are.
    mutating func checkParameters(of sector: Region, payloadHeader: LBA, secondPart: LBA) {
        let start = BootParameters.offset
        func number<Number: FixedWidthInteger & UnsignedInteger>(
            at offset: Int, _: Number.Type
        ) -> UInt64 { UInt64(sector.number(at: start + offset, Number.self)) }
        let fields: [(offset: Int, found: UInt64, allowed: UInt64)] = [
            (0, number(at: 0, UInt16.self), UInt64(MBRCheck.byteCount)),
            (4, number(at: 4, UInt64.self), payloadHeader.value),
            (16, number(at: 16, UInt16.self), UInt64(BootParameters.bootSectorEnd)),
            (20, number(at: 20, UInt64.self), secondPart.value),
        ]
        for field in fields {
            findings.expect(
                field.found == field.allowed, .mbrBootParameters, sector,
                at: start + field.offset, found: "\(field.found)", allowed: "\(field.allowed)")
        }
    }

    /// What the loader for BIOS loads are files that the one for UEFI finds.
    private mutating func checkFiles(_ items: [PayloadCheck.Item], _ header: Region) {
        let runs = Set(result.volumes.flatMap(\.files).filter { $0.runs.count == 1 }.map(\.runs))
        for item in items where !item.range.isEmpty && !runs.contains([item.range]) {
            findings.expect(
                false, .payloadRange, header, at: 0,
                found: "the \(item.kind) from byte \(item.range.lowerBound) on",
                allowed: "where a file of the EFI system partition is")
        }
    }
}
