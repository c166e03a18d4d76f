/// A rule for images; its raw value is the code in findings.
///
/// `docs/verify.md` states all rules in a table.
public enum ImageRule: String, CaseIterable, Sendable, CustomStringConvertible {
    // The image.
    case imageSize = "image-size"
    case imageUnknown = "image-unknown"
    case imageNotBootable = "image-not-bootable"
    case imageIdentity = "image-identity"
    case secondOpinion = "second-opinion"
    // The master boot record.
    case mbrSignature = "mbr-signature"
    case mbrStatus = "mbr-status"
    case mbrActive = "mbr-active"
    case mbrBootCode = "mbr-boot-code"
    case mbrBootParameters = "mbr-boot-parameters"
    case mbrDiskSignature = "mbr-disk-signature"
    case mbrRange = "mbr-range"
    case mbrFirstSector = "mbr-first-sector"
    case mbrNoActive = "mbr-no-active"
    case mbrLogical = "mbr-logical"
    case mbrOverlap = "mbr-overlap"
    case mbrCHS = "mbr-chs"
    case mbrType = "mbr-type"
    case mbrProtective = "mbr-protective"
    case mbrProtectiveActive = "mbr-protective-active"
    case mbrHybrid = "mbr-hybrid"
    // The GUID partition table, both copies.
    case gptSignature = "gpt-signature"
    case gptRevision = "gpt-revision"
    case gptHeaderSize = "gpt-header-size"
    case gptHeaderChecksum = "gpt-header-checksum"
    case gptReserved = "gpt-reserved"
    case gptOwnAddress = "gpt-own-address"
    case gptOtherAddress = "gpt-other-address"
    case gptUsable = "gpt-usable"
    case gptDiskGUID = "gpt-disk-guid"
    case gptEntriesAddress = "gpt-entries-address"
    case gptEntryCount = "gpt-entry-count"
    case gptEntrySize = "gpt-entry-size"
    case gptEntriesChecksum = "gpt-entries-checksum"
    case gptCopiesDiffer = "gpt-copies-differ"
    case gptPartitionGUID = "gpt-partition-guid"
    case gptPartitionRange = "gpt-partition-range"
    case gptPartitionOverlap = "gpt-partition-overlap"
    case gptPartitionAlignment = "gpt-partition-alignment"
    case gptPartitionAttributes = "gpt-partition-attributes"
    // The payload of a BIOS image.
    case payloadSignature = "payload-signature"
    case payloadVersion = "payload-version"
    case payloadCount = "payload-count"
    case payloadChecksum = "payload-checksum"
    case payloadReserved = "payload-reserved"
    case payloadKind = "payload-kind"
    case payloadRange = "payload-range"
    case payloadOverlap = "payload-overlap"
    case payloadKernel = "payload-kernel"
    case payloadLoadable = "payload-loadable"
    // An ISO 9660 volume.
    case isoSize = "iso-size"
    case elToritoCatalogue = "el-torito-catalogue"
    case elToritoEntry = "el-torito-entry"
    case elToritoLoadSize = "el-torito-load-size"
    // A FAT volume's boot sector.
    case fatSignature = "fat-signature"
    case fatJump = "fat-jump"
    case fatSectorSize = "fat-sector-size"
    case fatClusterSize = "fat-cluster-size"
    case fatReserved = "fat-reserved"
    case fatCopies = "fat-copies"
    case fatRootEntries = "fat-root-entries"
    case fatVolumeSize = "fat-volume-size"
    case fatMedium = "fat-medium"
    case fatHidden = "fat-hidden"
    case fatHiddenZero = "fat-hidden-zero"
    case fatTableSize = "fat-table-size"
    case fatType = "fat-type"
    case fatTypeName = "fat-type-name"
    case fatVersion = "fat-version"
    case fatBackup = "fat-backup"
    case fatBackupDiffers = "fat-backup-differs"
    case fatInfoSignature = "fat-info-signature"
    case fatFreeCount = "fat-free-count"
    case fatNextFree = "fat-next-free"
    case fatLabel = "fat-label"
    // The FATs and the folders.
    case fatCopiesDiffer = "fat-copies-differ"
    case fatFirstEntries = "fat-first-entries"
    case fatDirty = "fat-dirty"
    case fatChain = "fat-chain"
    case fatChainLength = "fat-chain-length"
    case fatCrossLink = "fat-cross-link"
    case fatLost = "fat-lost"
    case fatName = "fat-name"
    case fatNameTwice = "fat-name-twice"
    case fatLongName = "fat-long-name"
    case fatDots = "fat-dots"
    case fatFolderSize = "fat-folder-size"
    case fatDate = "fat-date"
    // The files of an EFI system partition.
    case espLoader = "esp-loader"
    case espKernel = "esp-kernel"
    // The files of a card for a Raspberry Pi.
    case cardKernel = "card-kernel"
    case cardFirmware = "card-firmware"
    // Loaders.
    case loaderDigests = "loader-digests"
    case loaderSignature = "loader-signature"
    case loaderSignatureUnchecked = "loader-signature-unchecked"
    case peSignature = "pe-signature"
    case peMachine = "pe-machine"
    case peSubsystem = "pe-subsystem"
    case peSections = "pe-sections"
    case peEntry = "pe-entry"

    /// The severity of a finding.
    public var severity: ImageFinding.Severity {
        switch self {
        case .mbrDiskSignature, .mbrCHS, .mbrProtectiveActive, .mbrHybrid, .gptPartitionAlignment,
            .gptPartitionAttributes, .fatHiddenZero, .fatTypeName, .fatLabel, .fatDate,
            .loaderSignatureUnchecked, .mbrFirstSector, .mbrNoActive, .fatBackupDiffers,
            .elToritoLoadSize, .cardFirmware:
            .warning
        default: .error
        }
    }

    /// The field that the rule is about.
    public var field: String { text.field }

    /// How to repair an image that breaks the rule.
    public var remedy: String { text.remedy }

    /// The code.
    public var description: String { rawValue }
}
