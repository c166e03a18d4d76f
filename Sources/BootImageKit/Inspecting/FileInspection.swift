public import ELFKit
import HostSystem
package import SystemPackage

/// What is in a file: a disk image, or a kernel.
public enum FileInspection: Encodable, Equatable, Sendable {
    /// A disk image.
    case image(ImageInspection)
    /// A kernel, or a file that is neither: its findings say why it cannot be loaded.
    case kernel(Inspection)

    /// Detects which of the two a file is, and inspects it.
    package init(of path: FilePath) throws(InspectionError) {
        let descriptor = try InspectionError.open(path)
        defer { try? descriptor.close() }
        if let image = try ImageInspection(of: descriptor, named: path) {
            self = .image(image)
        } else {
            self = .kernel(try Self.inspectKernel(descriptor, named: path))
        }
    }

    /// Encodes the report that `bootimage inspect --json` prints.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .image(let image): try image.encode(to: encoder)
        case .kernel(let kernel): try kernel.encode(to: encoder)
        }
    }

    private static func inspectKernel(
        _ descriptor: FileDescriptor, named path: FilePath
    ) throws(InspectionError) -> Inspection {
        var inspection = try attempt(
            KernelELF.inspect(descriptor, named: path.text), orThrow: InspectionError.kernel)
        // AArch64 has neither rule: code may use vector registers, and there is no red zone.
        // In 32-bit code, neither is known to matter.
        if let kernel = inspection.kernel,
            (kernel.architecture, kernel.wordSize) == (.x86_64, .bits64)
        {
            inspection.add(try codeFindings(of: descriptor))
        }
        return inspection
    }

    /// The disassembler holds the file in memory, twice; a damaged one could keep it busy for long.
    private static let searchedByteCount = 256 << 20
    private static let searchTime = Duration.seconds(30)

    /// What the code does that an interrupt handler would break, as far as a disassembly shows it.
    private static func codeFindings(of file: FileDescriptor) throws(InspectionError) -> [Finding] {
        do {
            var audit = CodeAudit()
            let byteCount = try file.seek(offset: 0, from: .end)
            guard byteCount <= searchedByteCount else {
                let sizes = "\(byteCount) bytes; at most \(searchedByteCount) are searched"
                return [Finding(notSearchedBecause: "the file has " + sizes)]
            }
            // The disassembler reads the descriptor from its position: no name can be an option.
            try file.seek(offset: 0, from: .start)
            var disassembler = try Program("llvm-objdump")
            (disassembler.input, disassembler.limit) = (file, searchTime)
            try disassembler.forEachLine(["-d", "--no-show-raw-insn", "-"]) { audit.take($0) }
            return audit.findings
        } catch ProgramError.interrupted(_, let signal) {
            throw .interrupted(by: signal)
        } catch {
            return [Finding(notSearchedBecause: (error as? ProgramError)?.reason ?? "\(error)")]
        }
    }
}

extension Finding {
    init(notSearchedBecause cause: String) {
        self.init(
            .codeNotSeen, at: "code",
            message:
                "the code was not searched for SSE registers and use of the red zone: \(cause)")
    }
}

extension ProgramError {
    fileprivate var reason: String {
        switch self {
        case .notFound(let name): "\(name) is not on PATH"
        case .notStarted(let name, let errno): "\(name) cannot be started: \(errno)"
        case .failed(let name, .status(let status), _): "\(name) ended with status \(status)"
        case .failed(let name, .signal(let signal), _), .interrupted(let name, let signal):
            "\(name) was ended by signal \(signal)"
        case .timedOut(let name, _): "\(name) did not end in time"
        }
    }
}
