import SystemPackage

extension ELFError: CustomStringConvertible {
    /// One line: file, problem, remedy, rule.
    public var description: String {
        oneLine("\(file): \(problem) [\(problem.rule)]")
    }
}

extension ELFError.Problem: CustomStringConvertible {
    /// The problem and the remedy, without the file's name.
    public var description: String { "\(finding)" }

    /// The problem in words, without file, remedy and rule.
    public var message: String { finding.message }

    /// The broken rule.
    public var rule: ELFRule {
        // A table may have millions of bad relocations, most of which are only counted.
        if case .relocation(let violation) = self { violation.rule } else { finding.rule }
    }

    var finding: Finding {
        switch self {
        case .cannotOpen(let errno):
            Finding(
                .fileOpen, at: "file", found: "\(errno)", message: "cannot be opened: \(errno)")
        case .cannotRead(let errno):
            Finding(.fileRead, at: "file", found: "\(errno)", message: "cannot be read: \(errno)")
        case .shrankWhileRead(let offset):
            Finding(
                .fileShrank, at: "file", found: "\(offset)", allowed: "more than \(offset)",
                message: "shrank while it was read and now ends at or before \(hex(offset))")
        case .notRegularFile(let type):
            Finding(
                .fileRegular, at: "file", allowed: "regular file",
                message: "is \(type.name), not a regular file")
        case .header(let violation): violation.finding
        case .segment(let violation): violation.finding
        case .dynamic(let violation): violation.finding
        case .relocation(let violation): violation.finding
        case .configuration(let violation): violation.finding
        case .requests(let violation): violation.finding
        case .protocolNotRequested(let selected, let architecture):
            selected.finding(on: architecture)
        case .limine(let violation): violation.finding
        case .multiboot(let violation): violation.finding
        case .image(let violation): violation.finding
        case .flat(let violation): violation.finding
        }
    }
}

extension BootProtocol {
    /// The finding on a file that does not ask for the protocol.
    fileprivate func finding(on architecture: Architecture?) -> Finding {
        let kind = ProtocolEvidence.Kind.allCases.first { $0.bootProtocol == self }
        let evidence = kind.map { "\($0.rawValue) \($0.evidence)" } ?? "ELF header"
        return Finding(
            .protocolSupported, at: "--protocol \(rawValue)", rawValue,
            "one that the file asks for",
            isSpoken(on: architecture)
                ? "the file has no \(evidence)"
                : "the loader for \(architecture?.name ?? "it") does not speak it")
    }
}

extension ELFWarning: CustomStringConvertible {
    /// One line: the warning and the remedy, without the file's name.
    public var description: String { "\(finding)" }

    var finding: Finding {
        switch self {
        case .unusedInterpreter(let id):
            Finding(
                .interpreterUnused, at: "\(id)", "3 (PT_INTERP)", "none",
                "ignored, because there is no dynamic linker")
        case .writableCode(let id):
            Finding(
                .segmentWritableCode, at: "\(id)", "PF_W and PF_X", "one of PF_W and PF_X",
                "both writable and executable")
        case .nullPage(let id):
            Finding(
                .segmentNullPage, at: "\(id)", "page 0", "0x1000 or more",
                "covers page 0, so null-pointer accesses do not fault")
        case .lowEntry(let entry):
            Finding(
                .entryLow, at: "ELF header", hex(entry),
                "an address in the upper half",
                "the entry point \(hex(entry)) looks like a physical address: other segments are "
                    + "in the upper half")
        case .limine(let violation): violation.finding
        case .multiboot(let violation): violation.finding
        case .severalProtocols(let found):
            Finding(
                .protocolSeveral, at: "offset \(hex(found[1].offset))",
                found.map(\.text).joined(separator: ", "), "one of them",
                "\(found[1].text) besides the \(found[0].text) at \(hex(found[0].offset)), by "
                    + "which the loader starts the kernel")
        case .guessedImage(let evidence):
            Finding(
                .protocolGuessed, at: "offset \(hex(evidence.offset))", "addresses in RAM",
                "--protocol arm64-image or plain",
                "linked to run in the RAM of QEMU's virt, so the loader starts it with the MMU off "
                    + "(arm64-image)")
        case .foreignProtocol(let other):
            Finding(
                .bootProtocol, at: "offset \(hex(other.offset))", other.text, "none",
                "\(other.text), but the loader starts the kernel as a plain ELF file, by "
                    + "bootimage's contract")
        }
    }
}

extension FileType {
    fileprivate var name: String {
        switch self {
        case .directory: "a directory"
        case .fifo: "a FIFO"
        case .socket: "a socket"
        case .characterSpecial, .blockSpecial: "a device"
        default: "a special file"
        }
    }
}
