extension ImageRule {
    /// What the table of rules says about one.
    struct Text {
        let statement: String
        let field: String
        let remedy: String

        init(_ statement: String, _ field: String, _ remedy: String) {
            (self.statement, self.field, self.remedy) = (statement, field, remedy)
        }
    }

    /// A test sees to it that each rule has its text.
    var text: Text { Self.texts[self] ?? Text(rawValue, "", "") }

    static let texts: [ImageRule: Text] = [
        imageTexts, mbrTexts, gptTexts, payloadTexts, fatBootTexts, fatTexts, espTexts,
    ].reduce(into: [:]) { all, texts in all.merge(texts) { first, _ in first } }

    private static let rebuild = "build the image again"
    private static let repairGPT = "sgdisk --verify tells more; build the image again"
    private static let repairFAT = "fsck.fat tells more; build the image again"

    private static let imageTexts: [ImageRule: Text] = [
        .imageSize: Text(
            "the image has whole sectors of 512 bytes, one or more", "size",
            "was it cut short? build or copy it again"),
        .imageUnknown: Text(
            "the image begins with a partition table or a FAT volume", "start",
            "name a raw disk image"),
        .imageNotBootable: Text(
            "there is an active partition or an EFI system partition", "content",
            "mark the partition as active, or give it the EFI system type"),
        .imageIdentity: Text(
            "the numbers that this tool derives from the content follow from it",
            "identity", "the content or its number was changed; build the image again"),
        .secondOpinion: Text(
            "with --guestfs: Linux finds the same files with the same bytes", "file",
            "keep the image, and report this"),
    ]

    private static let mbrTexts: [ImageRule: Text] = [
        .mbrSignature: Text("the first sector ends in 55 AA", "signature", rebuild),
        .mbrStatus: Text("an entry's status is 0 or 0x80", "status", "sfdisk tells more"),
        .mbrActive: Text(
            "at most one partition is active", "status", "sfdisk --activate IMAGE NUMBER"),
        .mbrBootCode: Text(
            "what a BIOS is told to start has code, and a loader of ours its own", "boot code",
            "install a boot loader, or build the image again"),
        .mbrBootParameters: Text(
            "the boot sector of a loader of ours says where the rest of it and the payload are",
            "number", rebuild),
        .mbrDiskSignature: Text(
            "the disk has a signature", "disk signature", "sfdisk --disk-id IMAGE 0x…"),
        .mbrRange: Text(
            "a partition lies on the disk, behind the first sector", "sectors",
            "was the image cut short? build or copy it again"),
        .mbrOverlap: Text("no sector belongs to two partitions", "sectors", rebuild),
        .mbrCHS: Text(
            "cylinder, head and sector are those of the LBA, for 255 heads of 63 sectors", "CHS",
            "none needed where firmware counts sectors"),
        .mbrType: Text(
            "the type is one for the file system that is there", "type",
            "sfdisk --part-type IMAGE NUMBER TYPE"),
        .mbrProtective: Text(
            "the protective entry begins at sector 1 and spans the disk", "sectors", repairGPT),
        .mbrProtectiveActive: Text(
            "the protective entry is not active", "status",
            "none needed for a BIOS that insists on it"),
        .mbrHybrid: Text(
            "no partition stands beside the protective entry", "type",
            "none needed for a hybrid image"),
    ]

    private static let gptTexts: [ImageRule: Text] = [
        .gptSignature: Text(
            "a header is in the second sector, one in the last", "signature", repairGPT),
        .gptRevision: Text("the revision is 1.0", "revision", repairGPT),
        .gptHeaderSize: Text(
            "a header has 92 bytes or more, in one sector", "header size", repairGPT),
        .gptHeaderChecksum: Text(
            "a header's checksum is that of its bytes", "header checksum", repairGPT),
        .gptReserved: Text("the reserved field is zero", "reserved field", repairGPT),
        .gptOwnAddress: Text("a header tells its own sector", "own address", repairGPT),
        .gptOtherAddress: Text(
            "a header tells the other's sector; the backup's is the last", "other address",
            "sgdisk --move-second-header IMAGE, if the image has grown"),
        .gptUsable: Text(
            "partitions may lie between the two tables", "usable sectors", repairGPT),
        .gptDiskGUID: Text(
            "the disk has a GUID", "disk GUID", "sgdisk --disk-guid=R IMAGE"),
        .gptEntriesAddress: Text(
            "the entries lie between their header and the partitions", "address of the entries",
            repairGPT),
        .gptEntryCount: Text("there are entries", "number of entries", repairGPT),
        .gptEntrySize: Text("an entry has 128 × 2ⁿ bytes", "size of an entry", repairGPT),
        .gptEntriesChecksum: Text(
            "the entries' checksum is that of their bytes", "checksum of the entries", repairGPT),
        .gptCopiesDiffer: Text("both copies say the same", "backup", repairGPT),
        .gptPartitionGUID: Text(
            "a partition has a GUID of its own", "partition GUID",
            "sgdisk --partition-guid=NUMBER:R IMAGE"),
        .gptPartitionRange: Text("a partition lies where it may", "sectors", repairGPT),
        .gptPartitionOverlap: Text("no sector belongs to two partitions", "sectors", repairGPT),
        .gptPartitionAlignment: Text(
            "a partition begins at a multiple of 4 KiB", "first sector",
            "begin partitions at whole MiB"),
        .gptPartitionAttributes: Text(
            "reserved attributes are zero", "attributes", "sgdisk --attributes=NUMBER:clear:BIT"),
    ]

    private static let payloadTexts: [ImageRule: Text] = [
        .payloadSignature: Text("the payload begins with BOOTPAYL", "signature", rebuild),
        .payloadVersion: Text("its version is 2", "version", "build with the loader's own tool"),
        .payloadCount: Text("it has at most 15 items", "number of items", rebuild),
        .payloadChecksum: Text("its header's checksum is that of its bytes", "checksum", rebuild),
        .payloadReserved: Text("reserved fields are zero", "reserved field", rebuild),
        .payloadKind: Text("an item is of a known kind, once", "kind", rebuild),
        .payloadRange: Text(
            "an item lies in the partition, or where a file of the EFI system partition does",
            "place",
            "was the image cut short? build or copy it again"),
        .payloadOverlap: Text("no byte belongs to two items", "place", rebuild),
        .payloadKernel: Text("there is a kernel", "kernel", rebuild),
        .payloadLoadable: Text(
            "the loader can load the kernel, here or on an ESP", "kernel",
            "build the kernel again"),
    ]

    private static let fatBootTexts: [ImageRule: Text] = [
        .fatSignature: Text("the boot sector ends in 55 AA", "signature", repairFAT),
        .fatJump: Text("it begins with a jump", "jump", repairFAT),
        .fatSectorSize: Text(
            "its sectors are those of the disk", "bytes per sector",
            "make the volume with the disk's sector size"),
        .fatClusterSize: Text("a cluster has 2ⁿ sectors", "sectors per cluster", repairFAT),
        .fatReserved: Text("the boot sector is reserved", "reserved sectors", repairFAT),
        .fatCopies: Text("there are one or two FATs", "number of FATs", repairFAT),
        .fatRootEntries: Text(
            "the root folder of FAT12 and FAT16 fills whole sectors, FAT32 has none",
            "root entries", repairFAT),
        .fatVolumeSize: Text(
            "the volume has a cluster, and lies in its partition", "volume size",
            "make the volume as long as its partition"),
        .fatMedium: Text("the medium is one that there is", "medium", repairFAT),
        .fatHidden: Text(
            "the hidden sectors are those before the partition", "hidden sectors",
            "mkfs.fat -h START, or build the image again"),
        .fatHiddenZero: Text(
            "the hidden sectors are told", "hidden sectors", "mkfs.fat -h START"),
        .fatTableSize: Text("a FAT has an entry for each cluster", "length of a FAT", repairFAT),
        .fatType: Text(
            "the number of clusters is one of the FAT's type", "number of clusters",
            "make the volume with another FAT type or cluster size"),
        .fatTypeName: Text("the type's name is that of the type", "type name", repairFAT),
        .fatVersion: Text("FAT32's version is 0", "version", repairFAT),
        .fatBackup: Text(
            "the boot sector's backup is equal to it", "backup boot sector", repairFAT),
        .fatInfoSignature: Text("FSInfo has its three signatures", "signature", repairFAT),
        .fatFreeCount: Text(
            "FSInfo tells how many clusters are free, or nothing", "free clusters", repairFAT),
        .fatNextFree: Text(
            "FSInfo's next free cluster is one of the volume's", "next free cluster", repairFAT),
        .fatLabel: Text(
            "boot sector and root folder tell the same volume label", "label",
            "fatlabel IMAGE NAME"),
    ]

    private static let fatTexts: [ImageRule: Text] = [
        .fatCopiesDiffer: Text("both FATs are equal", "FAT 2", repairFAT),
        .fatFirstEntries: Text(
            "the first entry repeats the medium, the second ends a chain", "entry", repairFAT),
        .fatDirty: Text(
            "the volume was left in order", "entry 1", "fsck.fat -a, or build the image again"),
        .fatChain: Text(
            "a chain leads from cluster to cluster to its end", "next cluster", repairFAT),
        .fatChainLength: Text(
            "a file has the clusters that its length needs", "length", repairFAT),
        .fatCrossLink: Text("no cluster belongs to two chains", "cluster", repairFAT),
        .fatLost: Text("a cluster in use belongs to something", "lost clusters", repairFAT),
        .fatName: Text("a short name has the characters that it may", "short name", repairFAT),
        .fatNameTwice: Text("no two names of a folder are the same", "name", "rename one"),
        .fatLongName: Text(
            "a long name's parts are in order, and belong to the short name behind them",
            "long name", repairFAT),
        .fatDots: Text(
            "a folder begins with itself and the one around it", "entry", repairFAT),
        .fatFolderSize: Text(
            "a folder has no length, and at most 65,536 entries", "length", repairFAT),
        .fatDate: Text("a date is a day of the calendar", "date", "none needed to boot"),
    ]

    private static let espTexts: [ImageRule: Text] = [
        .espLoader: Text(
            "an EFI system partition has a loader that firmware finds", "loader",
            "put it at /EFI/BOOT/BOOTX64.EFI"),
        .espKernel: Text(
            "the loader finds its kernel", "kernel", rebuild),
        .loaderDigests: Text(
            "a signed loader's digests are those of the files beside it", "digest", rebuild),
        .loaderSignature: Text(
            "a loader with digests has a signature, and of itself", "signature",
            "build the image again with --sign-key"),
        .peSignature: Text(
            "the loader is a PE file, all of its headers there", "signature",
            "link the loader as PE32+"),
        .peMachine: Text(
            "the loader is for the machine in its name", "machine",
            "put the loader where its own machine looks"),
        .peSubsystem: Text(
            "the loader is an EFI application", "subsystem",
            "link with /subsystem:efi_application"),
        .peSections: Text("the loader's sections are in its file", "section", rebuild),
        .peEntry: Text("the loader starts in code", "entry point", rebuild),
    ]
}
