/// Checks a whole image: from the first sector to the files in its partitions.
struct ImageCheck<Source: DiskSource> {
    let source: Source
    let findings = ImageFindings()
    var result: Verification
    /// Whether UEFI firmware would find a loader.
    private var hasEFILoader = false
    /// The ISO 9660 volume; `nil` without one.
    private var disc: ISOContents?
    private var sectorSize: SectorSize { result.sectorSize }

    init(_ source: Source, _ loaderFiles: [LoaderFile]) {
        self.source = source
        result = Verification(loaderFiles: loaderFiles)
    }

    mutating func run() throws(DiskReadError) {
        let multiple = UInt64(MasterBootRecord.byteCount)
        let size = source.byteCount.value
        if size == 0 || !size.isMultiple(of: multiple) {
            findings.report(
                .imageSize, "image", at: size, found: "\(size) bytes",
                allowed: "a multiple of \(multiple), above 0")
        }
        guard size >= multiple else { return }
        let first = try source.region("boot sector", MasterBootRecord.byteCount, at: 0)
        let gpt = try sectorSizeOfGPT()
        result.sectorSize = gpt ?? .bytes512
        let record = BootSector(first)
        let volume = FATBootSector(region: first)
        disc = try ISOReader(source: source).volume()
        if let disc { try DiscCheck(source: source, disc: disc, findings: findings).check() }
        if gpt == nil, record.hasSignature, volume.looksRight,
            volume.total <= size / multiple || !record.hasEntries
        {
            result.kind = Verification.volumeAlone
            return try checkVolume(
                volume, partition: nil, room: size / max(volume.sectorByteCount, 1))
        }
        let disk = SectorCount(size / sectorSize.byteCount.value)
        guard gpt != nil || record.starts(aDiskOf: disk) else {
            if let disc { return try checkImages(of: disc, record) }
            return findings.report(
                .imageUnknown, "image", at: 0, found: hexDump(first.bytes.prefix(4)),
                allowed: "55 AA at its end, a GPT header, or an ISO 9660 volume")
        }
        try checkDisk(
            MBRCheck(record: record, disk: disk, findings: findings),
            hasGPT: gpt != nil || record.isProtective)
    }

    /// The second sector of a disk with a GPT has a header, and so has the last.
    private func sectorSizeOfGPT() throws(DiskReadError) -> SectorSize? {
        for size in SectorSize.allCases {
            for offset in [size.rawValue, Int(source.byteCount.value) - size.rawValue]
            where offset > 0 {
                let start = try source.region("", 8, at: UInt64(offset))
                if start.number(at: 0) == GPTHeader.signature { return size }
            }
        }
        return nil
    }

    private mutating func checkDisk(_ mbr: MBRCheck, hasGPT: Bool) throws(DiskReadError) {
        let kind = mbr.record.hasEntries ? "MBR" : Verification.bootSectorAlone
        result.kind = hasGPT ? "GPT, sectors of \(sectorSize.byteCount)" : kind
        var partitions = mbr.partitions()
        if !hasGPT { partitions += try logicalPartitions(mbr) }
        var table: GPTCheck<Source>.Table?
        if hasGPT {
            table = try GPTCheck(
                source: source, sectorSize: sectorSize, disk: mbr.disk, findings: findings
            ).table()
            partitions = table?.partitions ?? []
        }
        let ownGUIDs = table?.ownGUIDs
        for partition in partitions { try check(partition, isOwn: ownGUIDs != nil) }
        checkStart(mbr.record, partitions, hasGPT: hasGPT)
        if let payload = result.payload {
            checkParameters(
                of: mbr.record, payloadHeader: sectorSize.firstPartition, secondPart: LBA(1))
            try checkIdentity(of: payload.items, mbr.record)
        }
        guard let ownGUIDs else { return }
        let loader = try biosBootLoader(mbr.record, partitions)
        try checkIdentity(ownGUIDs, mbr.record, loader: loader)
    }

    /// The partitions in an extended one.
    private func logicalPartitions(_ mbr: MBRCheck) throws(DiskReadError) -> [Partition] {
        let chain = try LogicalPartitionReader(source: source).chain(from: mbr.record)
        if let fault = chain.fault {
            findings.report(
                .mbrLogical, "extended boot record", at: fault.offset, found: fault.found,
                allowed: "55 AA at the end, in the extended partition, each record once")
        }
        return chain.entries.compactMap(mbr.partition)
    }

    /// Checks the volumes that UEFI firmware finds on a disc without a partition table.
    private mutating func checkImages(
        of disc: ISOContents, _ record: BootSector
    ) throws(DiskReadError) {
        result.kind = Verification.disc
        for image in disc.bootImages where image.platformName == "UEFI" {
            let start = image.bytes.lowerBound
            let boot = try source.region("boot image", MasterBootRecord.byteCount, at: start)
            let volume = FATBootSector(region: boot)
            guard volume.looksRight, source.byteCount.value > start else { continue }
            let room = (source.byteCount.value - start) / max(volume.sectorByteCount, 1)
            try checkVolume(volume, partition: nil, room: room)
        }
        for file in disc.files where !file.isFolder { result.add(file.path, file.bytes) }
        checkStart(record, [])
    }

    private mutating func check(_ partition: Partition, isOwn: Bool) throws(DiskReadError) {
        let start = sectorSize.offset(of: partition.sectors.start).value
        let length = sectorSize.bytes(in: partition.sectors.count).value
        result.add("\(partition.name), \(partition.purpose)", start..<start + length)
        let boot = try source.region(
            "boot sector of \(partition.name)", MasterBootRecord.byteCount, at: start)
        let volume = FATBootSector(region: boot)
        let room = partition.sectors.count.value
        switch partition.purpose {
        case .efiSystem, .fat:
            try checkVolume(volume, partition: partition, room: room, isOwn: isOwn)
        case .data where partition.isActive || boot.number(at: 0) == PayloadHeader.signature:
            let room = start + UInt64(PayloadHeader.byteCount)..<start + length
            let items = PayloadCheck(header: boot, room: room, findings: findings).items()
            for item in items { result.add("\(item.kind)", item.bytes) }
            result.payload = Verification.Payload(headerOffset: start, items: items)
        case .data, .other:
            guard volume.looksRight else { return }
            // A GPT's types state purposes, an MBR's types state file systems.
            if partition.guid == nil {
                findings.report(
                    .mbrType, partition.name, at: partition.typeField.offset,
                    found: partition.typeField.text, allowed: "one for FAT, such as 0xEF")
            }
            try checkVolume(volume, partition: partition, room: room)
        }
    }

    /// Checks a volume of at most `room` sectors in a partition, or on a disk without partitions.
    private mutating func checkVolume(
        _ boot: FATBootSector, partition: Partition?, room: UInt64, isOwn: Bool = false
    ) throws(DiskReadError) {
        let check = FATBootCheck(
            source: source, boot: boot, sectorSize: partition == nil ? nil : sectorSize,
            start: partition?.sectors.start.value ?? 0, room: room, isOwn: isOwn,
            findings: findings)
        guard var volume = try FATCheck(check: check).contents() else { return }
        volume.partition = partition?.number
        result.volumes.append(volume)
        for file in volume.files {
            let start = file.runs.first?.lowerBound ?? volume.offset
            result.add(file.path, start..<start + file.byteCount)
        }
        try checkLoaders(in: volume, isSystemPartition: partition?.purpose == .efiSystem)
        if isOwn { checkKernel(in: volume) }
    }

    /// The loader in an image of this library's must find its kernel.
    private func checkKernel(in volume: FATVolumeContents) {
        let kernels = result.loaderFiles.filter { $0.kind == .kernel }
        let isThere = volume.files.contains { file in kernels.contains { $0.isAt(file.path) } }
        guard let kernel = kernels.first, !isThere else { return }
        findings.report(
            .espKernel, "/", at: volume.offset, found: "no kernel",
            allowed: "/\(kernel.path)")
    }

    /// The files that firmware starts on an unknown disk (UEFI 2.10 §3.5.1.1), and those that a
    /// Raspberry Pi's does.
    private mutating func checkLoaders(
        in volume: FATVolumeContents, isSystemPartition: Bool
    ) throws(DiskReadError) {
        let loaders = volume.files.filter { EFILoaderNames.contain(path: $0.path) }
        for loader in loaders {
            try PECheck(source: source, file: loader, findings: findings).check()
        }
        if !loaders.isEmpty { hasEFILoader = true }
        if result.card == nil, !isSystemPartition {
            result.card = try CardCheck(source: source, volume: volume, findings: findings)
                .contents()
        }
        if isSystemPartition && loaders.isEmpty {
            findings.report(
                .espLoader, "/EFI/BOOT", at: volume.offset, found: "no loader",
                allowed: "BOOTX64.EFI, or another machine's")
        }
    }

    /// There must be something to start, and code where a BIOS expects it.
    private func checkStart(
        _ record: BootSector, _ partitions: [Partition], hasGPT: Bool = false
    ) {
        let hasSystemPartition = partitions.contains { $0.purpose == .efiSystem }
        if record.hasActiveEntry && record.code == .none && !hasEFILoader {
            findings.report(.mbrBootCode, record.sector, at: 0, found: "zero", allowed: "code")
        }
        if hasSystemPartition || hasEFILoader || result.card != nil
            || disc?.bootImages.isEmpty == false
        {
            return
        }
        if record.code == .loader && !record.entries.contains(where: \.isActive) {
            // Its code may start something else than an active partition, as GRUB's does.
            if hasGPT || !record.hasEntries { return }
            findings.report(
                .mbrNoActive, record.sector, at: 446, found: "0x0 in all entries",
                allowed: "0x80 in one")
        } else if !record.hasActiveEntry {
            findings.report(
                .imageNotBootable, "image", at: 0, found: "nothing to start",
                allowed: "boot code, an active partition or an EFI system partition")
        }
    }
}
