/// What is odd about a kernel that is loaded all the same.
public enum ELFWarning: Equatable, Sendable {
    /// `PT_INTERP` names a dynamic linker, although no library is needed.
    case unusedInterpreter(SegmentID)
    /// The segment is both writable and executable.
    case writableCode(SegmentID)
    /// The segment of an `ET_EXEC` covers part of page 0, so null pointers can be read.
    case nullPage(SegmentID)
}

extension ELFWarning: CustomStringConvertible {
    /// The warning in one line, without the file's name.
    public var description: String {
        switch self {
        case .unusedInterpreter(let id):
            "\(id) is ignored: there is no dynamic linker; link with --no-dynamic-linker"
        case .writableCode(let id):
            "\(id) is writable and executable; link code and data into segments of their own"
        case .nullPage(let id):
            "\(id) covers page 0, so that using a null pointer goes unnoticed"
        }
    }
}
