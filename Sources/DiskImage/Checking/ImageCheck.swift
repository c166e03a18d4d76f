/// Checks a whole image: from the first sector to the files in its partitions.
struct ImageCheck<Source: DiskSource> {
    let source: Source
    var findings = ImageFindings()
    var result = Verification()
    /// The payload's items, if there is a payload.
    var payload: [PayloadCheck.Item]?
    /// Whether UEFI firmware would find a loader.
    private var hasEFILoader = false
    private var sectorSize: SectorSize { result.sectorSize }

    init(_ source: Source) { self.source = source }

    /// Checks everything that can be found.
    mutating func run() throws(DiskReadError) {
        let multiple = UInt64(MBRCheck.byteCount)
        let size = source.byteCount.value
        if size == 0 || !size.isMultiple(of: multiple) {
            findings.report(
                .imageSize, "image", at: size, found: "\(size) bytes",
                allowed: "a multiple of \(multiple), above 0")
        }
        guard size >= multiple else { return }
        let first = try source.region("boot sector", MBRCheck.byteCount, at: 0)
        let gpt = try sectorSizeOfGPT()
        result.sectorSize = gpt ?? .bytes512
        let mbr = MBRCheck(first, disk: SectorCount(size / sectorSize.byteCount.value))
        let volume = FATParameters(boot: first)
        if gpt == nil, volume.looksRight, volume.total <= size / multiple || !mbr.hasEntries {
            result.kind = Verification.volumeAlone
            return try checkVolume(
                volume, partition: nil, room: size / max(volume.sectorByteCount, 1))
        }
        guard gpt != nil || mbr.hasEntries else {
            return findings.report(
                .imageUnknown, "image", at: 0, found: hexDump(first.bytes.prefix(4)),
                allowed: "the start of a partition table or of a FAT volume")
        }
        try checkDisk(mbr, hasGPT: gpt != nil || mbr.isProtective)
    }

    /// A GPT's header is in the second sector, and the backup's in the last.
    private func sectorSizeOfGPT() throws(DiskReadError) -> SectorSize? {
        for size in SectorSize.allCases.map(\.rawValue) {
            for offset in [size, Int(source.byteCount.value) - size] where offset > 0 {
                let start = try source.region("", 8, at: UInt64(offset))
                if start.number(at: 0) == GPTHeader.signature {
                    return SectorSize(rawValue: size)
                }
            }
        }
        return nil
    }

    private mutating func checkDisk(_ mbr: MBRCheck, hasGPT: Bool) throws(DiskReadError) {
        result.kind = hasGPT ? "GPT, sectors of \(sectorSize.byteCount)" : "MBR"
        var partitions = mbr.partitions(&findings)
        var table: GPTCheck<Source>.Table?
        if hasGPT {
            table = try GPTCheck(source: source, sectorSize: sectorSize, disk: mbr.disk)
                .table(&findings)
            partitions = table?.partitions ?? []
        }
        let marks = OwnMarks(table, mbr.sector)
        for partition in partitions { try check(partition, isOwn: marks != nil) }
        checkStart(mbr, partitions)
        if let payload {
            checkParameters(
                of: mbr.sector, payloadHeader: sectorSize.firstPartition, secondPart: LBA(1))
            try checkIdentity(of: payload, mbr.sector)
        }
        guard let marks else { return }
        let loader = try biosBootLoader(mbr, partitions)
        try checkIdentity(marks, loader: loader)
    }

    private mutating func check(
        _ partition: Partition, isOwn: Bool
    ) throws(DiskReadError) {
        let start = sectorSize.offset(of: partition.sectors.start).value
        let length = sectorSize.bytes(in: partition.sectors.count).value
        result.add("\(partition.name), \(partition.purpose)", start..<start + length)
        let boot = try source.region(
            "boot sector of \(partition.name)", MBRCheck.byteCount, at: start)
        let volume = FATParameters(boot: boot)
        switch partition.purpose {
        case .efiSystem, .fat:
            try checkVolume(
                volume, partition: partition, room: partition.sectors.count.value, isOwn: isOwn)
        case .data where partition.isActive || boot.number(at: 0) == PayloadHeader.signature:
            let room = start + UInt64(MBRCheck.byteCount)..<start + length
            let items = PayloadCheck(header: boot, room: room).items(&findings)
            for item in items { result.add("\(item.kind)", item.range) }
            payload = items
            result.payload = Verification.Payload(
                headerOffset: start,
                items: items.map { Verification.Payload.Item(kind: $0.kind, bytes: $0.range) })
        case .data, .other:
            guard volume.looksRight else { return }
            // A GPT's types say what partitions are for, an MBR's what file systems are in them.
            if partition.guid == nil {
                findings.report(
                    .mbrType, partition.name, at: partition.typeField.offset,
                    found: partition.typeField.text, allowed: "one for FAT, such as 0xEF")
            }
            try checkVolume(
                volume, partition: partition, room: partition.sectors.count.value)
        }
    }

    /// Checks a volume of at most `room` sectors in a partition, or one that is all there is.
    private mutating func checkVolume(
        _ parameters: FATParameters, partition: Partition?, room: UInt64, isOwn: Bool = false
    ) throws(DiskReadError) {
        let boot = FATBootCheck(
            source: source, parameters: parameters,
            sectorSize: partition == nil ? nil : sectorSize,
            start: partition?.sectors.start.value ?? 0, room: room, isOwn: isOwn)
        guard var volume = try FATCheck(source, boot).contents(&findings) else { return }
        volume.partition = partition?.number
        result.volumes.append(volume)
        for file in volume.files {
            let start = file.runs.first?.lowerBound ?? volume.offset
            result.add(file.path, start..<start + file.byteCount)
        }
        try checkLoaders(in: volume, isSystemPartition: partition?.purpose == .efiSystem)
        let hasKernel = volume.files.contains { $0.path.lowercased().hasPrefix("/kernel-") }
        if isOwn && !hasKernel {
            findings.report(
                .espKernel, "/", at: volume.offset, found: "no kernel",
                allowed: "/kernel-x86_64")
        }
    }

    /// What firmware starts from a disk that it does not know (UEFI 2.10 §3.5.1.1).
    private mutating func checkLoaders(
        in volume: FATVolumeContents, isSystemPartition: Bool
    ) throws(DiskReadError) {
        let loaders = volume.files.filter { EFILoaderNames.contain(path: $0.path) }
        for loader in loaders {
            try PECheck(source: source, file: loader).check(&findings)
        }
        if !loaders.isEmpty { hasEFILoader = true }
        if isSystemPartition && loaders.isEmpty {
            findings.report(
                .espLoader, "/EFI/BOOT", at: volume.offset, found: "no loader",
                allowed: "BOOTX64.EFI, or another machine's")
        }
    }

    /// Something must be there to start, and a BIOS must find code where it is told to.
    private mutating func checkStart(_ mbr: MBRCheck, _ partitions: [Partition]) {
        let hasSystemPartition = partitions.contains { $0.purpose == .efiSystem }
        if mbr.hasActiveEntry && !mbr.hasBootCode && !hasEFILoader {
            findings.expect(
                false, .mbrBootCode, mbr.sector, at: 0, found: "zero", allowed: "code")
        }
        if !mbr.hasActiveEntry && !hasSystemPartition && !hasEFILoader {
            findings.report(
                .imageNotBootable, "image", at: 0, found: "nothing to start",
                allowed: "an active partition or an EFI system partition")
        }
    }
}
