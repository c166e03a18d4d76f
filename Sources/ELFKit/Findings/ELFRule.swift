/// A rule that a kernel is read by; its raw value is the code that errors and warnings name.
///
/// `docs/rules.md` is the table of all rules.
public enum ELFRule: String, CaseIterable, Sendable {
    // The file.
    case fileOpen = "file-open"
    case fileRead = "file-read"
    case fileShrank = "file-shrank"
    case fileRegular = "file-regular"
    // The ELF header and the tables that it points at.
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
    case elfDecode = "elf-decode"
    // The program headers.
    case segmentNone = "segment-none"
    case segmentOutsideFile = "segment-outside-file"
    case segmentFileSize = "segment-file-size"
    case segmentAddressOverflow = "segment-address-overflow"
    case segmentCanonical = "segment-canonical"
    case segmentAlignment = "segment-alignment"
    case segmentAlignmentLimit = "segment-alignment-limit"
    case segmentCongruence = "segment-congruence"
    case segmentOverlap = "segment-overlap"
    case segmentSpan = "segment-span"
    case segmentDuplicate = "segment-duplicate"
    case segmentNotLoaded = "segment-not-loaded"
    case entryExecutable = "entry-executable"
    case entryPhysical = "entry-physical"
    case entryZeroes = "entry-zeroes"
    // The dynamic section and the tables of relocations.
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
    // What is odd about a kernel that is loaded.
    case segmentWritableCode = "segment-writable-code"
    case segmentNullPage = "segment-null-page"
    case interpreterUnused = "interpreter-unused"
    case entryLow = "entry-low"
    case debugInformation = "debug-information"
    case codeSSE = "code-sse"
    case codeRedZone = "code-red-zone"
    case codeNotSeen = "code-not-seen"
}

extension ELFRule {
    /// How much a finding weighs.
    public var severity: Finding.Severity {
        switch self {
        case .segmentWritableCode, .segmentNullPage, .interpreterUnused, .entryLow,
            .debugInformation, .codeSSE, .codeRedZone:
            .warning
        case .codeNotSeen: .note
        default: .error
        }
    }

    /// What the rule says.
    public var statement: String { text.statement }

    /// The field that the rule is about, by its name in the specification.
    public var field: String { text.field }

    /// What to do about a kernel that breaks the rule.
    public var remedy: String { text.remedy }
}

extension ELFRule: CustomStringConvertible {
    /// The code.
    public var description: String { rawValue }
}
