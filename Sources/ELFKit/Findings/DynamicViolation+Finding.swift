extension DynamicViolation {
    var finding: Finding {
        switch self {
        case .needsLibrary(let name):
            section(
                .dynamicNeedsLibrary, "DT_NEEDED", name ?? "a name that cannot be read", "none",
                "requires \(name ?? "a shared library"), but a kernel has no dynamic linker")
        case .unterminated(let count):
            section(
                .dynamicUnterminated, "DT_NULL", "none in \(count) bytes", "1",
                "no DT_NULL in its \(count) bytes")
        case .duplicate(let tag):
            section(
                .dynamicDuplicate, tag.elfName, "2", "1", "there must be only one \(tag.elfName)")
        case .missing(let tag, let user):
            section(
                .dynamicMissing, tag.elfName, "none", "1 beside \(user.elfName)",
                "\(user.elfName) requires \(tag.elfName), which is missing")
        case .unsupportedTable(let tag):
            section(
                .dynamicUnsupportedTable, tag.elfName, "entries", "none",
                "\(tag.elfName) relocations (without addends) are not supported")
        case .encoding(let tag, let found, let allowed):
            section(.dynamicEncoding, tag.elfName, "\(found)", "\(allowed)")
        case .tableSize(let kind, let found):
            section(
                .dynamicTableSize, kind.tags.size.elfName, "\(found)",
                "a multiple of \(kind.entryByteCount)")
        case .tableNotLoaded(let kind, let address, let count):
            section(
                .dynamicTableNotLoaded, kind.tag.elfName, "\(count) bytes at \(hex(address))",
                "within a PT_LOAD's file bytes",
                "the \(kind.tag.elfName) table (\(count) bytes at address \(hex(address))) is not "
                    + "within the file bytes of one segment")
        }
    }

    private func section(
        _ rule: ELFRule, _ field: String, _ found: String, _ allowed: String,
        _ problem: String? = nil
    ) -> Finding {
        Finding(rule, at: "dynamic section", field: field, found, allowed, problem)
    }
}

extension ConfigurationViolation: CustomStringConvertible {
    /// The violation and the remedy in one line.
    public var description: String { "\(finding)" }

    var finding: Finding {
        switch self {
        case .duplicate(let index):
            section(
                .configDuplicate, "section \(index) as well", "one section",
                "section \(index) is a second one")
        case .outsideFile(let offset, let count, let fileCount):
            Finding(
                .configOutsideFile, at: Self.place, pastEnd: count, from: offset,
                fileByteCount: fileCount)
        case .byteCount(let found):
            section(
                .configSize, "\(found) bytes", "\(KernelConfiguration.byteCount) bytes",
                "has \(found) bytes, must have \(KernelConfiguration.byteCount)")
        case .identifier(let found):
            section(
                .configUUID, hex(found), hex(KernelConfiguration.identifier),
                "does not start with the UUID of bootloader_api")
        case .version(let found):
            section(.configVersion, "\(found)", "0.11", "the version is \(found), must be 0.11")
        case .beforeKernelBase(let found):
            section(
                .configBeforeKernelBase, "\(found)",
                "\(KernelConfiguration.Version.kernelBase) or later",
                "the version is \(found), which has no kernel_base, must be "
                    + "\(KernelConfiguration.Version.kernelBase) or later")
        case .tag(let field, let offset, let found):
            section(
                .configTag, field: "\(field.rawValue), byte \(offset)", "\(found)", "0 or 1")
        case .valueWithoutTag(let field, let offset):
            section(
                .configValue, field: "\(field.rawValue), from byte \(offset) on", "a value",
                "zeroes",
                "\(field.rawValue) is marked as absent, but its value at byte \(offset) is not 0")
        case .stack(let count, let limit):
            section(
                .configStack, hex(count), "at most \(hex(limit))",
                "a stack of \(hex(count)) bytes must have at most \(hex(limit))")
        }
    }

    private static let place = ".bootloader-config"

    private func section(
        _ rule: ELFRule, field: String? = nil, _ found: String, _ allowed: String,
        _ problem: String? = nil
    ) -> Finding {
        Finding(rule, at: Self.place, field: field, found, allowed, problem)
    }
}

extension RequestsViolation {
    var finding: Finding {
        let place = ".bootimage-requests"
        return switch self {
        case .duplicate(let index):
            Finding(
                .requestsDuplicate, at: place, "section \(index)", "one section",
                "section \(index) is the second one of this name")
        case .byteCount(let found):
            Finding(
                .requestsSize, at: place, "\(found) bytes",
                "\(KernelRequests.byteCount) bytes",
                "has \(found) bytes, must have \(KernelRequests.byteCount) within the file")
        case .unknown(let found):
            Finding(
                .requestsUnknown, at: place, hex(found.rawValue),
                "bits of \(hex(KernelRequests.all.rawValue))")
        }
    }
}
