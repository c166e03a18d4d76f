extension ProtocolViolation {
    var finding: Finding {
        switch self {
        case .notSupported(let selected, let architecture):
            notSupported(selected, architecture)
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
        }
    }

    private static let headerPlace = "Multiboot header"

    private func header(
        _ rule: ELFRule, _ found: String, _ allowed: String, _ problem: String
    ) -> Finding {
        Finding(rule, at: Self.headerPlace, found, allowed, problem)
    }

    private func notSupported(_ selected: BootProtocol, _ architecture: Architecture?) -> Finding {
        let kind = ProtocolEvidence.Kind.allCases.first { $0.bootProtocol == selected }
        let evidence = kind.map { "\($0.rawValue) \($0.evidence)" } ?? "ELF header"
        let cause =
            architecture == .aarch64 && selected != .bootloader
            ? "the loader for AArch64 does not speak it" : "the file has no \(evidence)"
        return Finding(
            .protocolSupported, at: "--protocol", selected.rawValue, "one that the file asks for",
            "\(selected.rawValue): \(cause)")
    }
}
