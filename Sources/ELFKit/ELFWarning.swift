/// What is odd about a kernel that is loaded all the same.
public enum ELFWarning: Equatable, Sendable {
    /// `PT_INTERP` names a dynamic linker, although no library is needed.
    case unusedInterpreter(SegmentID)
    /// The segment is both writable and executable.
    case writableCode(SegmentID)
    /// The segment of an `ET_EXEC` covers part of page 0, so null pointers can be read.
    case nullPage(SegmentID)
    /// The entry point is in the lower half, but other segments are in the upper one.
    case lowEntry(UInt64)
}

extension ELFWarning {
    /// The rule that the kernel does not keep to.
    public var rule: ELFRule {
        switch self {
        case .unusedInterpreter: .interpreterUnused
        case .writableCode: .segmentWritableCode
        case .nullPage: .segmentNullPage
        case .lowEntry: .entryLow
        }
    }

    /// The warning in words, without file, rule and remedy.
    public var message: String {
        switch self {
        case .unusedInterpreter(let id): "\(id) is ignored: there is no dynamic linker"
        case .writableCode(let id): "\(id) is writable and executable"
        case .nullPage(let id):
            "\(id) covers page 0, so that using a null pointer goes unnoticed"
        case .lowEntry(let entry):
            "the entry point \(hex(entry)) looks like a physical address: other segments are in "
                + "the upper half"
        }
    }
}

extension ELFWarning: CustomStringConvertible {
    /// The warning in one line with the remedy, without the file's name.
    public var description: String { "\(message); \(rule.remedy)" }
}
