extension ImageRule {
    /// The rule's columns in the table of rules; a test checks that every rule has them.
    typealias Text = (field: String, remedy: String)

    var text: Text { Self.texts[self] ?? ("", "") }

    private static let rebuild = "rebuild the image"
    private static let recopy = "rebuild the image, or copy it again if it was cut short"
    private static let repairGPT = "run sgdisk --verify for details; rebuild the image"
    private static let repairFAT = "run fsck.fat for details; rebuild the image"

    private static let texts: [ImageRule: Text] = [
        .imageSize: ("size", recopy),
        .imageUnknown: ("start", "specify a raw disk image"),
        .imageNotBootable: ("content", "mark the partition active, or give it the EFI system type"),
        .imageIdentity: ("identity", "the content or the number was changed; rebuild the image"),
        .secondOpinion: ("file", "keep the image and report a bug"),
        // The master boot record.
        .mbrSignature: ("signature", rebuild),
        .mbrStatus: ("status", "run sfdisk --verify for details"),
        .mbrActive: ("status", "run sfdisk --activate IMAGE NUMBER"),
        .mbrBootCode: ("boot code", "install a boot loader, or rebuild the image"),
        .mbrBootParameters: ("number", rebuild),
        .mbrDiskSignature: ("disk signature", "run sfdisk --disk-id IMAGE 0x…"),
        .mbrRange: ("sectors", recopy),
        .mbrFirstSector: ("first sector", "harmless in an isohybrid image"),
        .mbrNoActive: (
            "status", "harmless with GRUB; for a BIOS that requires it, run sfdisk --activate"
        ),
        .mbrLogical: ("chain", "run sfdisk --verify for details"),
        .mbrOverlap: ("sectors", rebuild),
        .mbrCHS: ("CHS", "harmless on firmware that uses LBA"),
        .mbrType: ("type", "run sfdisk --part-type IMAGE NUMBER TYPE"),
        .mbrProtective: ("sectors", repairGPT),
        .mbrProtectiveActive: (
            "status", "harmless if set for a BIOS that requires an active entry"
        ),
        .mbrHybrid: ("type", "harmless in a hybrid MBR"),
        // The GUID partition table, both copies.
        .gptSignature: ("signature", repairGPT),
        .gptRevision: ("revision", repairGPT),
        .gptHeaderSize: ("header size", repairGPT),
        .gptHeaderChecksum: ("header checksum", repairGPT),
        .gptReserved: ("reserved field", repairGPT),
        .gptOwnAddress: ("own address", repairGPT),
        .gptOtherAddress: (
            "other address", "if the image has grown, run sgdisk --move-second-header IMAGE"
        ),
        .gptUsable: ("usable sectors", repairGPT),
        .gptDiskGUID: ("disk GUID", "run sgdisk --disk-guid=R IMAGE"),
        .gptEntriesAddress: ("address of the entries", repairGPT),
        .gptEntryCount: ("number of entries", repairGPT),
        .gptEntrySize: ("size of an entry", repairGPT),
        .gptEntriesChecksum: ("checksum of the entries", repairGPT),
        .gptCopiesDiffer: ("backup", repairGPT),
        .gptPartitionGUID: ("partition GUID", "run sgdisk --partition-guid=NUMBER:R IMAGE"),
        .gptPartitionRange: ("sectors", repairGPT),
        .gptPartitionOverlap: ("sectors", repairGPT),
        .gptPartitionAlignment: ("first sector", "start partitions at whole MiB"),
        .gptPartitionAttributes: ("attributes", "run sgdisk --attributes=NUMBER:clear:BIT IMAGE"),
        // The payload of a BIOS image.
        .payloadSignature: ("signature", rebuild),
        .payloadVersion: ("version", "rebuild the image with the loader's own tool"),
        .payloadCount: ("number of items", rebuild),
        .payloadChecksum: ("checksum", rebuild),
        .payloadReserved: ("reserved field", rebuild),
        .payloadKind: ("kind", rebuild),
        .payloadRange: ("place", recopy),
        .payloadOverlap: ("place", rebuild),
        .payloadKernel: ("kernel", rebuild),
        .payloadLoadable: ("kernel", "rebuild the kernel"),
        // An ISO 9660 volume.
        .isoSize: ("volume size", recopy),
        .elToritoCatalogue: ("boot catalogue", rebuild),
        .elToritoEntry: ("boot image", recopy),
        .elToritoLoadSize: ("load size", "specify -boot-load-size with xorriso"),
        // A FAT volume's boot sector.
        .fatSignature: ("signature", repairFAT),
        .fatJump: ("jump", repairFAT),
        .fatSectorSize: ("bytes per sector", "create the volume with the disk's sector size"),
        .fatClusterSize: ("sectors per cluster", repairFAT),
        .fatReserved: ("reserved sectors", repairFAT),
        .fatCopies: ("number of FATs", repairFAT),
        .fatRootEntries: ("root entries", repairFAT),
        .fatVolumeSize: ("volume size", "create the volume with the partition's size"),
        .fatMedium: ("medium", repairFAT),
        .fatHidden: (
            "hidden sectors", "create the volume with mkfs.fat -h START, or rebuild the image"
        ),
        .fatHiddenZero: ("hidden sectors", "create the volume with mkfs.fat -h START"),
        .fatTableSize: ("length of a FAT", repairFAT),
        .fatType: (
            "number of clusters", "create the volume with another type of FAT or cluster size"
        ),
        .fatTypeName: ("type name", repairFAT),
        .fatVersion: ("version", repairFAT),
        .fatBackup: ("backup boot sector", repairFAT),
        .fatBackupDiffers: ("backup boot sector", "harmless; syslinux changes only the first"),
        .fatInfoSignature: ("signature", repairFAT),
        .fatFreeCount: ("free clusters", repairFAT),
        .fatNextFree: ("next free cluster", repairFAT),
        .fatLabel: ("label", "run fatlabel IMAGE NAME"),
        // The FATs and the folders.
        .fatCopiesDiffer: ("FAT 2", repairFAT),
        .fatFirstEntries: ("entry", repairFAT),
        .fatDirty: ("entry 1", "run fsck.fat -a, or rebuild the image"),
        .fatChain: ("next cluster", repairFAT),
        .fatChainLength: ("length", repairFAT),
        .fatCrossLink: ("cluster", repairFAT),
        .fatLost: ("lost clusters", repairFAT),
        .fatName: ("short name", repairFAT),
        .fatNameTwice: ("name", "rename one"),
        .fatLongName: ("long name", repairFAT),
        .fatDots: ("entry", repairFAT),
        .fatFolderSize: ("length", repairFAT),
        .fatDate: ("date", "harmless for booting"),
        // The files of an EFI system partition.
        .espLoader: ("loader", "put it at /EFI/BOOT/BOOTX64.EFI"),
        .espKernel: ("kernel", rebuild),
        // The files of a card for a Raspberry Pi.
        .cardKernel: ("kernel", "copy the kernel to the card, or correct config.txt"),
        .cardFirmware: (
            "boot files", "copy the vendor's boot files to the card, or use --firmware-directory"
        ),
        // Loaders.
        .loaderDigests: ("digest", rebuild),
        .loaderSignature: ("signature", "rebuild the image with a signing key"),
        .loaderSignatureUnchecked: (
            "signature", "install openssl, or check the loader with sbverify"
        ),
        .peSignature: ("signature", "link the loader as PE32+"),
        .peMachine: ("machine", "move the loader to the name for its machine"),
        .peSubsystem: ("subsystem", "link the loader with /subsystem:efi_application"),
        .peSections: ("section", rebuild),
        .peEntry: ("entry point", rebuild),
    ]
}
