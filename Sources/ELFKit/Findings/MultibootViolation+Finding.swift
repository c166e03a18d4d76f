extension MultibootViolation {
    var finding: Finding {
        switch self {
        case .flags(let found, let known):
            header(
                .multibootFlags, hex(found), "no other of the bits 0 to 15 than \(hex(known))",
                "flags is \(hex(found)), of which bits 0 to 15 must be in \(hex(known))")
        case .architecture(let found):
            header(
                .multibootArchitecture, "\(found)", "0",
                "architecture is \(found)\(found == 4 ? " (MIPS)" : ""), must be 0 (i386)")
        case .unterminated(let byteCount):
            header(
                .multibootHeaderLength, "\(byteCount) bytes", "all tags, and an end tag",
                "no end tag within its \(byteCount) bytes and the first 32 KiB of the file")
        case .unknownTag(let type):
            header(
                .multibootTag, "\(type)", "1 to 10", "a required tag has the unknown type \(type)")
        case .tagSize(let kind, let found, let allowed):
            header(
                .multibootTagSize, "\(found) bytes", "\(allowed) bytes",
                "the tag of type \(kind.rawValue) has \(found) bytes, must have \(allowed)")
        case .unknownInformation(let type):
            header(
                .multibootInformation, "\(type)", "at most 21",
                "requires boot information of the unknown type \(type)")
        case .missingInformation(let type):
            header(
                .multibootInformationMissing, "\(type)", "types that the loader has",
                "requires boot information of type \(type), which the loader does not have")
        case .requiredEFI32Entry:
            header(
                .multibootEFI32, "0", "1",
                "requires 32-bit UEFI for its EFI i386 entry address, type 8")
        case .alignment(let found):
            header(
                .multibootAlignment, "\(found)", "a power of two",
                "the kernel may be moved to multiples of \(found), which must be a power of two")
        case .addresses(let addresses, let offset):
            header(
                .multibootAddresses,
                "\(hex(addresses.load))–\(hex(addresses.loadEnd))–\(hex(addresses.zeroEnd))",
                "ascending, with the header's \(hex(addresses.header)) within",
                "the header at offset \(hex(offset)) gives itself the address "
                    + "\(hex(addresses.header)) and the file the addresses \(hex(addresses.load)) "
                    + "to \(hex(addresses.loadEnd)), with zeroes to \(hex(addresses.zeroEnd)), "
                    + "which do not fit together")
        case .fileTooShort(let end, let fileByteCount):
            header(
                .multibootFileShort, "\(fileByteCount) bytes", "at least \(end) bytes",
                "load_end_addr needs \(end) bytes of the file, which has \(fileByteCount)")
        case .entryMissing:
            header(
                .multibootEntryMissing, "none", "an entry address",
                "has load addresses, but no entry address")
        case .entryOutside(let entry):
            header(
                .multibootEntry, hex(entry), "an address in the loaded bytes",
                "the entry point \(hex(entry)) is not within the loaded bytes")
        case .aboveFourGiB(let id, let address, let byteCount):
            Finding(
                .multibootMemory, at: id.map { "\($0)" } ?? Self.headerPlace,
                "\(byteCount) bytes at \(hex(address))", "below 0x100000000",
                "\(byteCount) bytes at physical address \(hex(address)) must end at or below 4 GiB")
        case .lowMemory(let id, let range, let used):
            Finding(
                .multibootLowMemory, at: id.map { "\($0)" } ?? Self.headerPlace, hex(range),
                "outside of \(hex(used))",
                "physical addresses \(hex(range)) overlap \(hex(used)), which firmware or the "
                    + "loader uses")
        case .relocations(let index):
            Finding(
                .multibootRelocations, at: "section \(index)", "4 or 9 (SHT_RELA, SHT_REL)", "none",
                "relocations, which no Multiboot loader applies")
        case .misplaced(let header):
            Finding(
                .multibootHeader, at: "offset \(hex(header.offset))", header.fault.text,
                header.allowed,
                "looks like a \(header.kind.rawValue) header, but \(header.fault.text), must be "
                    + header.allowed)
        }
    }

    private static let headerPlace = "Multiboot header"

    private func header(
        _ rule: ELFRule, _ found: String, _ allowed: String, _ problem: String
    ) -> Finding {
        Finding(rule, at: Self.headerPlace, found, allowed, problem)
    }
}
