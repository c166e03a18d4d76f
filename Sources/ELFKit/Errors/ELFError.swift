public import SystemPackage

/// Why a kernel could not be read, or why it is refused.
///
/// `description` is one line in the user's words: file, what is wrong, numbers, remedy, rule.
public struct ELFError: Error, Equatable, Sendable {
    /// The file's name as the caller gave it.
    public let file: String
    /// What is wrong with the file.
    public let problem: Problem

    /// Names the file that has the problem.
    public init(file: String, problem: Problem) {
        self.file = file
        self.problem = problem
    }

    /// What went wrong: the first three cases are the file's, the others are the kernel's.
    public enum Problem: Error, Equatable, Sendable {
        /// `open(2)` failed: the file is missing or may not be read.
        case cannotOpen(Errno)
        /// `fstat(2)` or `pread(2)` failed.
        case cannotRead(Errno)
        /// The file became shorter while it was read; nothing was at this byte offset any more.
        case shrankWhileRead(offset: UInt64)
        /// A directory, FIFO, socket or device.
        case notRegularFile(FileType)
        /// A rule on the ELF header or on a table that it points at.
        case header(HeaderViolation)
        /// A rule on program headers.
        case segment(SegmentViolation)
        /// A rule on the dynamic section.
        case dynamic(DynamicViolation)
        /// A rule on one relocation.
        case relocation(RelocationViolation)
        /// A rule on the section `.bootloader-config`.
        case configuration(ConfigurationViolation)
    }

    /// Whether the input itself could not be had, in contrast to a bad kernel or a failed read.
    public var isInputMissing: Bool {
        if case .cannotOpen = problem { true } else { false }
    }

    /// Whether reading failed half-way: neither a missing file nor a bad kernel.
    public var isReadFailure: Bool {
        switch problem {
        case .cannotRead, .shrankWhileRead: true
        default: false
        }
    }
}

extension ELFError.Problem {
    /// The rule that was broken.
    public var rule: ELFRule {
        switch self {
        case .cannotOpen: .fileOpen
        case .cannotRead: .fileRead
        case .shrankWhileRead: .fileShrank
        case .notRegularFile: .fileRegular
        case .header(let violation): violation.rule
        case .segment(let violation): violation.rule
        case .dynamic(let violation): violation.rule
        case .relocation(let violation): violation.rule
        case .configuration(let violation): violation.rule
        }
    }
}

extension ELFError.Problem: CustomStringConvertible {
    /// The problem in words with the remedy, without the file's name.
    public var description: String { "\(message); \(rule.remedy)" }
}

extension ELFError.Problem {
    /// The problem in words, without file, rule and remedy.
    public var message: String {
        switch self {
        case .cannotOpen(let errno): "cannot be opened: \(errno)"
        case .cannotRead(let errno): "cannot be read: \(errno)"
        case .shrankWhileRead(let offset):
            "became shorter while it was read: nothing is left at \(hex(offset))"
        case .notRegularFile(let type): "is \(type.name), not a regular file"
        case .header(let violation): violation.description
        case .segment(let violation): violation.description
        case .dynamic(let violation): violation.description
        case .relocation(let violation): violation.description
        case .configuration(let violation): violation.description
        }
    }
}

extension ELFError: CustomStringConvertible {
    /// One line: file, problem, rule.
    public var description: String {
        oneLine("\(file): \(problem) [\(problem.rule)]")
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
