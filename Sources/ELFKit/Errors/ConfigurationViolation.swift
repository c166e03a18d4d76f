/// A broken rule of the section `.bootloader-config` (boot contract of `bootloader_api` 0.11).
public enum ConfigurationViolation: Equatable, Sendable {
    /// A second section of that name.
    case duplicate(sectionIndex: Int)
    /// The section reaches past the end of the file.
    case outsideFile(offset: UInt64, byteCount: UInt64, fileByteCount: UInt64)
    /// The section does not have 133 bytes.
    case byteCount(UInt64)
    /// The first 16 bytes are not the contract's UUID.
    case identifier([UInt8])
    /// The kernel speaks another version than 0.11.
    case version(KernelConfiguration.Version)
    /// The kernel speaks 0.11, but from before the field `kernel_base`.
    case beforeKernelBase(KernelConfiguration.Version)
    /// The byte at this offset of the section is neither 0 nor 1.
    case tag(KernelConfiguration.Field, offset: Int, found: UInt8)
    /// The field is marked as having no value, but the value's bytes are not all zero.
    case valueWithoutTag(KernelConfiguration.Field, offset: Int)
}

extension ConfigurationViolation {
    /// The rule that is broken.
    public var rule: ELFRule {
        switch self {
        case .duplicate: .configDuplicate
        case .outsideFile: .configOutsideFile
        case .byteCount: .configSize
        case .identifier: .configUUID
        case .version: .configVersion
        case .beforeKernelBase: .configBeforeKernelBase
        case .tag: .configTag
        case .valueWithoutTag: .configValue
        }
    }
}

extension ConfigurationViolation: CustomStringConvertible {
    /// The violation in words.
    public var description: String {
        ".bootloader-config " + detail
    }

    private var detail: String {
        switch self {
        case .duplicate(let index): "is there twice: section \(index) has that name as well"
        case .outsideFile(let offset, let count, let fileCount):
            "(\(count) bytes at \(hex(offset))) lies outside of the file of \(fileCount) bytes"
        case .byteCount(let found):
            "has \(found) bytes; it must have \(KernelConfiguration.byteCount)"
        case .identifier: "does not begin with the UUID of bootloader_api"
        case .version(let found):
            "is of bootloader_api \(found); only 0.11 is spoken"
        case .beforeKernelBase(let found):
            "is of bootloader_api \(found), without kernel_base; "
                + "\(KernelConfiguration.Version.kernelBase) or later is needed"
        case .tag(let field, let offset, let found):
            "has \(field.rawValue) tag \(found) at byte \(offset); only 0 and 1 are allowed"
        case .valueWithoutTag(let field, let offset):
            "has \(field.rawValue) marked as without a value, but not zero from byte \(offset) on"
        }
    }
}
