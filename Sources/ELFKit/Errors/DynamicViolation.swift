/// A broken rule on the dynamic section (gABI, "Dynamic Linking").
public enum DynamicViolation: Equatable, Sendable {
    /// `DT_NEEDED` requires this shared library; `nil` if its name cannot be read.
    case needsLibrary(String?)
    /// No `DT_NULL` ends the section of this size in bytes.
    case unterminated(byteCount: UInt64)
    /// The same entry twice, which the specification leaves undefined.
    case duplicate(DynamicTag)
    /// One entry requires another one that is missing.
    case missing(DynamicTag, neededBy: DynamicTag)
    /// A relocation table of a kind that the loader does not apply.
    case unsupportedTable(DynamicTag)
    /// An entry describes an encoding other than the supported one.
    case encoding(DynamicTag, found: UInt64, allowed: UInt64)
    /// The size of a relocation table is not a multiple of its entry size.
    case tableSize(RelocationTable.Kind, byteCount: UInt64)
    /// A relocation table is not within the file bytes of one segment.
    case tableNotLoaded(RelocationTable.Kind, address: UInt64, byteCount: UInt64)
}

/// A broken rule on the section `.bootimage-requests`.
public enum RequestsViolation: Error, Equatable, Sendable {
    /// A second section of that name.
    case duplicate(sectionIndex: Int)
    /// The section does not have 8 bytes, or not within the file.
    case byteCount(UInt64)
    /// The section asks for what the loader does not have.
    case unknown(KernelRequests)
}

/// A broken rule on the section `.bootloader-config` (`bootloader_api` 0.11).
public enum ConfigurationViolation: Error, Equatable, Sendable {
    /// A second section of that name.
    case duplicate(sectionIndex: Int)
    /// The section extends past the end of the file.
    case outsideFile(offset: UInt64, byteCount: UInt64, fileByteCount: UInt64)
    /// The section does not have 133 bytes.
    case byteCount(UInt64)
    /// The first 16 bytes are not the contract's UUID.
    case identifier([UInt8])
    /// The kernel was built with a version other than 0.11.
    case version(KernelConfiguration.Version)
    /// The kernel was built with a version of 0.11 that precedes the field `kernel_base`.
    case beforeKernelBase(KernelConfiguration.Version)
    /// The byte at this offset of the section is neither 0 nor 1.
    case tag(KernelConfiguration.Field, offset: Int, found: UInt8)
    /// The field is marked as absent, but its value's bytes are not all zero.
    case valueWithoutTag(KernelConfiguration.Field, offset: Int)
    /// `kernel_stack_size` is more than any machine has for a stack.
    case stack(byteCount: UInt64, limit: UInt64)
}
