extension DynamicViolation {
    /// The broken rule.
    var rule: ELFRule {
        switch self {
        case .needsLibrary: .dynamicNeedsLibrary
        case .unterminated: .dynamicUnterminated
        case .duplicate: .dynamicDuplicate
        case .missing: .dynamicMissing
        case .unsupportedTable: .dynamicUnsupportedTable
        case .encoding: .dynamicEncoding
        case .tableSize: .dynamicTableSize
        case .tableNotLoaded: .dynamicTableNotLoaded
        }
    }

    /// The violation as a finding.
    var finding: Finding {
        switch self {
        case .needsLibrary(let name):
            section(
                "DT_NEEDED", name ?? "a name that cannot be read", "none",
                "requires \(name ?? "a shared library"), but a kernel has no dynamic linker")
        case .unterminated(let count):
            section(
                "DT_NULL", "none in \(count) bytes", "1", "no DT_NULL in its \(count) bytes")
        case .duplicate(let tag):
            section(tag.elfName, "2", "1", "there must be only one \(tag.elfName)")
        case .missing(let tag, let user):
            section(
                tag.elfName, "none", "1 beside \(user.elfName)",
                "\(user.elfName) requires \(tag.elfName), which is missing")
        case .unsupportedTable(let tag):
            section(
                tag.elfName, "entries", "none",
                "\(tag.elfName) relocations (without addends) are not supported")
        case .encoding(let tag, let found, let allowed):
            section(tag.elfName, "\(found)", "\(allowed)")
        case .tableSize(let kind, let found):
            section(
                kind.sizeTag.elfName, "\(found)", "a multiple of \(kind.entryByteCount)")
        case .tableNotLoaded(let kind, let address, let count):
            section(
                kind.tag.elfName, "\(count) bytes at \(hex(address))",
                "within a PT_LOAD's file bytes",
                "the \(kind.tag.elfName) table (\(count) bytes at address \(hex(address))) is not "
                    + "within the file bytes of one segment")
        }
    }

    private func section(
        _ field: String, _ found: String, _ allowed: String, _ problem: String? = nil
    ) -> Finding {
        Finding(rule, at: "dynamic section", field: field, found, allowed, problem)
    }
}

extension ConfigurationViolation: CustomStringConvertible {
    /// The violation and the remedy in one line.
    public var description: String { "\(finding)" }

    /// The broken rule.
    var rule: ELFRule {
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

    /// The violation as a finding.
    var finding: Finding {
        switch self {
        case .duplicate(let index):
            section("section \(index) as well", "one section", "section \(index) is a second one")
        case .outsideFile(let offset, let count, let fileCount):
            section(
                "\(count) bytes at \(hex(offset))", "within \(fileCount) bytes",
                "\(count) bytes at \(hex(offset)) extend past the end of the file "
                    + "(\(fileCount) bytes)")
        case .byteCount(let found):
            section(
                "\(found) bytes", "\(KernelConfiguration.byteCount) bytes",
                "has \(found) bytes, must have \(KernelConfiguration.byteCount)")
        case .identifier(let found):
            section(
                hex(found), hex(KernelConfiguration.identifier),
                "does not start with the UUID of bootloader_api")
        case .version(let found):
            section("\(found)", "0.11", "the version is \(found), must be 0.11")
        case .beforeKernelBase(let found):
            section(
                "\(found)", "\(KernelConfiguration.Version.kernelBase) or later",
                "the version is \(found), which has no kernel_base, must be "
                    + "\(KernelConfiguration.Version.kernelBase) or later")
        case .tag(let field, let offset, let found):
            section(field: "\(field.rawValue), byte \(offset)", "\(found)", "0 or 1")
        case .valueWithoutTag(let field, let offset):
            section(
                field: "\(field.rawValue), from byte \(offset) on", "a value", "zeroes",
                "\(field.rawValue) is marked as absent, but its value at byte \(offset) is not 0")
        }
    }

    private func section(
        field: String? = nil, _ found: String, _ allowed: String, _ problem: String? = nil
    ) -> Finding {
        Finding(rule, at: ".bootloader-config", field: field, found, allowed, problem)
    }
}
