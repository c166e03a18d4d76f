extension Finding {
    /// The finding that a broken rule is.
    init(_ problem: ELFError.Problem) {
        self.init(problem.rule, problem.message, problem.details)
    }

    /// The finding that a warning is.
    init(_ warning: ELFWarning) {
        self.init(warning.rule, warning.message, warning.details)
    }
}

extension ELFError.Problem {
    fileprivate var details: Finding.Details {
        switch self {
        case .cannotOpen(let errno), .cannotRead(let errno):
            Finding.Details(place: "file", field: rule.field, found: "\(errno)")
        case .shrankWhileRead(let offset):
            Finding.Details(
                place: "file", field: rule.field, found: "\(offset)",
                allowed: "more than \(offset)")
        case .notRegularFile:
            Finding.Details(place: "file", field: rule.field, allowed: "regular file")
        case .header(let violation): violation.details
        case .segment(let violation): violation.details
        case .dynamic(let violation): violation.details
        case .relocation(let violation): violation.details
        case .configuration(let violation): violation.details
        }
    }
}

extension ELFWarning {
    fileprivate var details: Finding.Details {
        switch self {
        case .unusedInterpreter(let id):
            Finding.Details(
                place: "\(id)", field: rule.field, found: "3 (PT_INTERP)", allowed: "none")
        case .writableCode(let id):
            Finding.Details(
                place: "\(id)", field: rule.field, found: "PF_W and PF_X",
                allowed: "one of PF_W and PF_X")
        case .nullPage(let id):
            Finding.Details(
                place: "\(id)", field: rule.field, found: "page 0", allowed: "0x1000 or more")
        case .lowEntry(let entry):
            Finding.Details(
                place: "ELF header", field: rule.field, found: hex(entry),
                allowed: "\(hex(AddressHalves.upperStart)) or more")
        }
    }
}
