public import SystemPackage

/// Why a kernel could not be read or is refused.
///
/// `description` is one line: the file, the place in it, what was found and what is allowed, the
/// remedy, and the rule's code.
public struct ELFError: Error, Equatable, Sendable {
    /// The file's name as the caller passed it.
    public let file: String
    /// What is wrong with the file.
    public let problem: Problem

    /// The error for a problem of that file.
    package init(file: String, problem: Problem) {
        self.file = file
        self.problem = problem
    }

    /// What went wrong: the first four cases concern the file, the others the kernel in it.
    public enum Problem: Error, Equatable, Sendable {
        /// `open(2)` failed: the file is missing or not readable.
        case cannotOpen(Errno)
        /// `fstat(2)` or `pread(2)` failed.
        case cannotRead(Errno)
        /// The file shrank while it was read and now ends at or before this byte offset.
        case shrankWhileRead(offset: UInt64)
        /// A directory, FIFO, socket or device.
        case notRegularFile(FileType)
        /// A rule on the ELF header or on a table that it locates.
        case header(HeaderViolation)
        /// A rule on program headers.
        case segment(SegmentViolation)
        /// A rule on the dynamic section.
        case dynamic(DynamicViolation)
        /// A rule on one relocation.
        case relocation(RelocationViolation)
        /// A rule on the section `.bootloader-config`.
        case configuration(ConfigurationViolation)
        /// A rule on the section `.bootimage-requests`.
        case requests(RequestsViolation)
        /// The file does not ask for the boot protocol that the caller selected.
        case protocolNotRequested(BootProtocol, Architecture?)
        /// A rule of the Limine boot protocol.
        case limine(LimineViolation)
        /// A rule of Multiboot or Multiboot2.
        case multiboot(MultibootViolation)
        /// A rule of kernels that start as Linux does on 64-bit ARM.
        case image(ImageViolation)
        /// A rule of kernels that a board's firmware loads as a flat file.
        case flat(FlatViolation)

        /// Whether the kernel breaks a rule; otherwise its file could not be read.
        var isRule: Bool {
            switch self {
            case .cannotOpen, .cannotRead, .shrankWhileRead, .notRegularFile: false
            case .header, .segment, .dynamic, .relocation, .configuration, .requests,
                .protocolNotRequested, .limine, .multiboot, .image, .flat:
                true
            }
        }
    }

    /// Whether the file could not be opened, as opposed to a bad kernel or a failed read.
    public var isInputMissing: Bool {
        if case .cannotOpen = problem { true } else { false }
    }

    /// Whether reading failed midway, as opposed to a missing file or a bad kernel.
    public var isReadFailure: Bool {
        switch problem {
        case .cannotRead, .shrankWhileRead: true
        default: false
        }
    }
}

/// What is wrong with a file, thrown wherever the file's name is not known.
typealias Problem = ELFError.Problem
