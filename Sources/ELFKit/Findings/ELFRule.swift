/// A rule that kernels are checked against; its raw value is the code in errors and warnings.
///
/// `docs/rules.md` lists all rules.
public enum ELFRule: String, CaseIterable, Sendable {
    // The file.
    case fileOpen = "file-open"
    case fileRead = "file-read"
    case fileShrank = "file-shrank"
    case fileRegular = "file-regular"
    // The ELF header and the tables that it locates.
    case elfEmpty = "elf-empty"
    case elfMagic = "elf-magic"
    case elfHeaderTruncated = "elf-header-truncated"
    case elfClass = "elf-class"
    case elfByteOrder = "elf-byte-order"
    case elfVersion = "elf-version"
    case elfType = "elf-type"
    case elfMachine = "elf-machine"
    case elfEntrySize = "elf-entry-size"
    case elfProgramHeaderCount = "elf-program-header-count"
    case elfSectionHeaderCount = "elf-section-header-count"
    case elfTableOutsideFile = "elf-table-outside-file"
    case elfSectionNameIndex = "elf-section-name-index"
    case elfSectionNamesSize = "elf-section-names-size"
    case elfDebugFile = "elf-debug-file"
    case elfDecode = "elf-decode"
    // The program headers.
    case segmentNone = "segment-none"
    case linuxProgram = "linux-program"
    case segmentOutsideFile = "segment-outside-file"
    case segmentFileSize = "segment-file-size"
    case segmentAddressOverflow = "segment-address-overflow"
    case segmentCanonical = "segment-canonical"
    case segmentAlignment = "segment-alignment"
    case segmentAlignmentLimit = "segment-alignment-limit"
    case segmentCongruence = "segment-congruence"
    case segmentOverlap = "segment-overlap"
    case segmentSpan = "segment-span"
    case segmentCount = "segment-count"
    case segmentMemory = "segment-memory"
    case segmentDuplicate = "segment-duplicate"
    case segmentNotLoaded = "segment-not-loaded"
    case entryExecutable = "entry-executable"
    case entryPhysical = "entry-physical"
    case entryZeroes = "entry-zeroes"
    // The dynamic section and the relocation tables.
    case dynamicNeedsLibrary = "dynamic-needs-library"
    case dynamicUnterminated = "dynamic-unterminated"
    case dynamicDuplicate = "dynamic-duplicate"
    case dynamicMissing = "dynamic-missing"
    case dynamicUnsupportedTable = "dynamic-unsupported-table"
    case dynamicEncoding = "dynamic-encoding"
    case dynamicTableSize = "dynamic-table-size"
    case dynamicTableNotLoaded = "dynamic-table-not-loaded"
    // Relocations.
    case relocationType = "relocation-type"
    case relocationSymbol = "relocation-symbol"
    case relocationTarget = "relocation-target"
    case relocationSymbolNotLoaded = "relocation-symbol-not-loaded"
    case relocationSymbolType = "relocation-symbol-type"
    case relocationSymbolUndefined = "relocation-symbol-undefined"
    case relocationBitmap = "relocation-bitmap"
    // The section .bootloader-config.
    case configDuplicate = "config-duplicate"
    case configOutsideFile = "config-outside-file"
    case configSize = "config-size"
    case configUUID = "config-uuid"
    case configVersion = "config-version"
    case configBeforeKernelBase = "config-before-kernel-base"
    case configTag = "config-tag"
    case configValue = "config-value"
    case configStack = "config-stack"
    // The section .bootimage-requests.
    case requestsDuplicate = "requests-duplicate"
    case requestsSize = "requests-size"
    case requestsUnknown = "requests-unknown"
    // The boot protocol.
    case protocolSupported = "protocol-supported"
    // Limine.
    case limineBaseRevision = "limine-base-revision"
    case limineBaseRevisionDuplicate = "limine-base-revision-duplicate"
    case limineRequestDuplicate = "limine-request-duplicate"
    case limineSegmentOrder = "limine-segment-order"
    case limineLowerHalf = "limine-lower-half"
    case limineMixedHalves = "limine-mixed-halves"
    case limineEntryPoint = "limine-entry-point"
    // Multiboot and Multiboot2.
    case multibootFlags = "multiboot-flags"
    case multibootArchitecture = "multiboot-architecture"
    case multibootHeaderLength = "multiboot-header-length"
    case multibootTag = "multiboot-tag"
    case multibootInformation = "multiboot-information"
    case multibootEFI32 = "multiboot-efi32"
    case multibootAlignment = "multiboot-alignment"
    case multibootAddresses = "multiboot-addresses"
    case multibootFileShort = "multiboot-file-short"
    case multibootEntryMissing = "multiboot-entry-missing"
    case multibootEntry = "multiboot-entry"
    case multibootMemory = "multiboot-memory"
    case multibootLowMemory = "multiboot-low-memory"
    // arm64-image.
    case imageByteOrder = "image-byte-order"
    case imageSize = "image-size"
    case imageEntry = "image-entry"
    case imageMemory = "image-memory"
    // A flat kernel for a board.
    case flatArchitecture = "flat-architecture"
    case flatType = "flat-type"
    case flatAddress = "flat-address"
    case flatImageAddress = "flat-image-address"
    case flatImageSize = "flat-image-size"
    case flatEntry = "flat-entry"
    case flatGaps = "flat-gaps"
    case flatMemory = "flat-memory"
    // Warnings and notes about a kernel that can be loaded.
    case segmentWritableCode = "segment-writable-code"
    case segmentNullPage = "segment-null-page"
    case interpreterUnused = "interpreter-unused"
    case entryLow = "entry-low"
    case bootProtocol = "boot-protocol"
    case protocolSeveral = "protocol-several"
    case protocolGuessed = "protocol-guessed"
    case limineMarkers = "limine-markers"
    case limineOutsideMarkers = "limine-outside-markers"
    case limineAlignment = "limine-alignment"
    case liminePagePermissions = "limine-page-permissions"
    case limineSection = "limine-section"
    case multibootHeader = "multiboot-header"
    case multibootTagSize = "multiboot-tag-size"
    case multibootInformationMissing = "multiboot-information-missing"
    case multibootRelocations = "multiboot-relocations"
    case debugInformation = "debug-information"
    case codeSSE = "code-sse"
    case codeRedZone = "code-red-zone"
    case codeNotSeen = "code-not-seen"
}

extension ELFRule {
    /// The severity of every finding of the rule.
    public var severity: Finding.Severity {
        switch self {
        case .segmentWritableCode, .segmentNullPage, .interpreterUnused, .entryLow,
            .bootProtocol, .protocolSeveral, .protocolGuessed, .limineMarkers,
            .limineOutsideMarkers, .limineAlignment, .liminePagePermissions, .limineSection,
            .multibootHeader, .multibootTagSize, .multibootInformationMissing,
            .multibootRelocations, .codeSSE, .codeRedZone:
            .warning
        case .debugInformation, .codeNotSeen: .note
        default: .error
        }
    }

    /// The rule as a sentence that holds for a good kernel.
    public var statement: String { text.statement }

    /// The name, in the specification, of the field that the rule concerns.
    public var field: String { text.field }

    /// How to fix a kernel that breaks the rule.
    public var remedy: String { text.remedy }
}

extension ELFRule: CustomStringConvertible {
    /// The rule's code.
    public var description: String { rawValue }
}
